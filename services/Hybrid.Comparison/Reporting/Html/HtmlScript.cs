namespace Hybrid.Comparison.Reporting.Html;

/// <summary>The report's script: values under the pointer, and charts enlarged. The page says all it has to say without it.</summary>
internal static class HtmlScript
{
    public const string Source = """
        (() => {
          'use strict';
          const tip = Object.assign(document.createElement('div'), { className: 'tip', hidden: true });
          document.body.append(tip);
          const numbers = text => text.split(',').map(Number);
          const valueAt = (pixel, [start, end, from, to, logarithmic]) => {
            const share = (pixel - start) / (end - start);
            return logarithmic ? from * Math.pow(to / from, share) : from + share * (to - from);
          };
          const written = value => Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString();
          const vertices = path => {
            const points = [];
            let x = 0, y = 0;
            for (const [, command, rest] of path.getAttribute('d').matchAll(/([MLHV])([^MLHV]*)/g)) {
              const [a, b] = rest.trim().split(/[\s]+/).map(Number);
              if (command === 'H') x = a; else if (command === 'V') y = a; else { x = a; y = b; }
              points.push([x, y]);
            }
            return points;
          };
          const pointer = (svg, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
          const hover = svg => {
            const lines = [...svg.querySelectorAll('path[data-name]')].map(path => ({ name: path.dataset.name, points: vertices(path) }));
            if (lines.length === 0) return;
            const x = numbers(svg.dataset.x), y = numbers(svg.dataset.y);
            svg.addEventListener('pointermove', event => {
              const at = pointer(svg, event);
              if (at.x < x[0] || at.x > x[1] || event.target.closest('a')) { tip.hidden = true; return; }
              const rows = lines.map(({ name, points }) => {
                const last = points.filter(point => point[0] <= at.x).at(-1);
                return last ? `${name}: ${written(valueAt(last[1], y))}` : `${name}: –`;
              });
              tip.textContent = `${svg.dataset.label}: ${written(valueAt(at.x, x))}\n${rows.join('\n')}`;
              tip.hidden = false;
              tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
              tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
            });
            svg.addEventListener('pointerleave', () => { tip.hidden = true; });
          };
          const pan = svg => {
            const whole = svg.getAttribute('viewBox').split(' ').map(Number);
            let box = [...whole], from = null;
            const show = () => svg.setAttribute('viewBox', box.join(' '));
            svg.addEventListener('wheel', event => {
              event.preventDefault();
              const at = pointer(svg, event), times = Math.min(Math.exp(event.deltaY * 0.0015), whole[2] / box[2]);
              box = [at.x - (at.x - box[0]) * times, at.y - (at.y - box[1]) * times, box[2] * times, box[3] * times];
              if (box[2] >= whole[2]) box = [...whole];
              show();
            }, { passive: false });
            svg.addEventListener('pointerdown', event => { if (!event.target.closest('a')) { from = pointer(svg, event); svg.setPointerCapture(event.pointerId); } });
            svg.addEventListener('pointerup', () => { from = null; });
            svg.addEventListener('pointermove', event => {
              if (!from) return;
              const at = pointer(svg, event);
              box = [box[0] + from.x - at.x, box[1] + from.y - at.y, box[2], box[3]];
              show();
            });
            svg.addEventListener('dblclick', () => { box = [...whole]; show(); });
          };
          document.querySelectorAll('figure > svg[data-x]').forEach(hover);
          document.querySelectorAll('figure').forEach(figure => {
            const button = Object.assign(document.createElement('button'), { type: 'button', className: 'zoom', textContent: 'enlarge' });
            button.setAttribute('aria-label', `enlarge: ${figure.querySelector('figcaption').textContent}`);
            button.addEventListener('click', () => {
              const dialog = document.createElement('dialog'), copy = figure.cloneNode(true);
              copy.querySelector('.zoom').textContent = 'close';
              copy.querySelector('.zoom').addEventListener('click', () => dialog.close());
              copy.addEventListener('click', event => { if (event.target.closest('a')) dialog.close(); });
              dialog.append(copy);
              document.body.append(dialog);
              dialog.addEventListener('close', () => { dialog.remove(); tip.hidden = true; });
              dialog.showModal();
              dialog.append(tip);
              const svg = copy.querySelector('svg.wide');
              if (svg.dataset.x) { hover(svg); pan(svg); }
              dialog.addEventListener('close', () => document.body.append(tip));
            });
            figure.append(button);
          });
        })();
        """;
}
