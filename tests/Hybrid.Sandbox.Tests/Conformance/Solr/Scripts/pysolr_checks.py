"""What pysolr sees of a Solr core. Prints one JSON object: each check's name and "ok", or what went wrong."""
import datetime
import json
import sys
import traceback
import xml.etree.ElementTree as ElementTree

import pysolr

base = sys.argv[1]
solr = pysolr.Solr(base + "/shop", timeout=60)
everything = pysolr.Solr(base + "/shop", timeout=60, search_handler="select-all")
checks = {}


def check(function):
    checks[function.__name__] = function
    return function


def equal(actual, expected):
    if actual != expected:
        raise AssertionError("expected %r but got %r" % (expected, actual))


def ids(query="*:*", **parameters):
    return [document["id"] for document in solr.search(query, sort="id asc", rows=1000, **parameters)]


def refused(call):
    try:
        call()
    except pysolr.SolrError as error:
        return str(error)
    raise AssertionError("it was not refused")


def current(key):
    return json.loads(solr._send_request("get", "get?ids=" + key))["response"]["docs"]


@check
def add_commit_search():
    when = datetime.datetime(2011, 12, 1, 8, 5)
    solr.add([
        {"id": "a", "title_t": "Tea & <cake> \u00e9", "category_s": "tea", "price_d": 2.5, "quantity_l": 3, "deleted_b": False,
         "event_time_dt": when, "signal_related_ss": ["x", "y"]},
        {"id": "b", "category_s": "cup", "price_d": 10, "quantity_l": -1},
        {"id": "c", "category_s": "tea", "campaign_s": None, "partition_s": ""}])
    equal(ids(), [])
    solr.commit()
    equal(ids(), ["a", "b", "c"])
    found = solr.search("id:a").docs[0]
    equal(found["title_t"], "Tea & <cake> \u00e9")
    equal(found["price_d"], 2.5)
    equal(found["quantity_l"], 3)
    equal(found["deleted_b"], False)
    equal(solr._to_python(found["event_time_dt"]), when)
    equal(found["signal_related_ss"], ["x", "y"])
    assert isinstance(found["_version_"], int) and found["_version_"] > 2 ** 53
    equal(sorted(solr.search("id:c", fl="*").docs[0]), ["_version_", "category_s", "id"])


@check
def hits_rows_start():
    results = solr.search("*:*", rows=1, start=1, sort="id asc")
    equal((results.hits, len(results), results.docs[0]["id"]), (3, 1, "b"))
    assert isinstance(results.qtime, int)


@check
def filters_and_queries():
    equal(ids("category_s:tea AND price_d:[2 TO *]"), ["a"])
    equal(ids("*:*", fq=["category_s:tea", "-id:a"]), ["c"])
    equal(ids("title_t:\"tea cake\""), ["a"])
    equal(ids("category_s:c?p OR id:c"), ["b", "c"])
    equal(ids("{!terms f=id}a,c"), ["a", "c"])
    equal(ids("event_time_dt:[2011-12-01T00:00:00Z TO NOW]"), ["a"])


@check
def a_long_query_goes_by_post():
    equal(ids("id:(%s)" % " OR ".join("n%d" % number for number in range(400)) + " OR id:b"), ["b"])


@check
def facets():
    facets = solr.search("*:*", rows=0, facet="true", **{
        "facet.field": ["category_s", "signal_related_ss"], "facet.mincount": 1, "facet.query": "quantity_l:[0 TO *]"}).facets
    equal(facets["facet_fields"], {"category_s": ["tea", 2, "cup", 1], "signal_related_ss": ["x", 1, "y", 1]})
    equal(facets["facet_queries"], {"quantity_l:[0 TO *]": 1})
    equal(sorted(facets), ["facet_fields", "facet_heatmaps", "facet_intervals", "facet_queries", "facet_ranges"])


@check
def stats():
    fields = solr.search("*:*", rows=0, stats="true", **{"stats.field": ["price_d", "category_s"]}).stats["stats_fields"]
    equal(fields["price_d"], {
        "min": 2.5, "max": 10.0, "count": 2, "missing": 1, "sum": 12.5, "sumOfSquares": 106.25, "mean": 6.25, "stddev": 5.303300858899107})
    equal(fields["category_s"], {"min": "cup", "max": "tea", "count": 3, "missing": 0})


@check
def cursor():
    solr.add([{"id": "p%03d" % number, "quantity_l": number % 7} for number in range(250)], commit=True)
    seen, mark = [], "*"
    while True:
        page = solr.search("id:p*", sort="quantity_l desc,id asc", rows=100, cursorMark=mark)
        seen += [document["id"] for document in page]
        if page.nextCursorMark == mark:
            break
        mark = page.nextCursorMark
    equal(len(seen), 250)
    equal(len(set(seen)), 250)
    equal(seen, [document["id"] for document in solr.search("id:p*", sort="quantity_l desc,id asc", rows=1000)])


@check
def delete_by_query_and_id():
    solr.delete(q="id:p*", commit=True)
    equal(ids(), ["a", "b", "c"])
    solr.add([{"id": "x1"}, {"id": "x2"}, {"id": "x3"}], softCommit=True)
    solr.delete(id="x1", softCommit=True)
    equal(ids("id:x*"), ["x2", "x3"])
    solr.delete(id=["x2", "x3"])
    equal(ids("id:x*"), ["x2", "x3"])
    solr.commit(softCommit=True)
    equal(ids("id:x*"), [])


@check
def commit_within():
    solr.add([{"id": "within"}], commitWithin="1")
    while not ids("id:within"):
        pass
    solr.delete(id="within", commit=True)


@check
def atomic_updates():
    solr.add([{"id": "u", "quantity_l": 1, "price_d": 1.5, "title_t": "kept", "signal_related_ss": ["aa", "b", "ab"]}], commit=True)
    solr.add([{"id": "u", "quantity_l": 4, "price_d": 9, "signal_related_ss": ["c", "d"]}],
             fieldUpdates={"quantity_l": "inc", "price_d": "set", "signal_related_ss": "add"}, commit=True)
    found = solr.search("id:u").docs[0]
    equal((found["quantity_l"], found["price_d"], found["title_t"], found["signal_related_ss"]), (5, 9.0, "kept", ["aa", "b", "ab", "c", "d"]))
    solr.add([{"id": "u", "signal_related_ss": ["c"]}], fieldUpdates={"signal_related_ss": "remove"})
    solr.add([{"id": "u", "signal_related_ss": ["a.*"]}], fieldUpdates={"signal_related_ss": "removeregex"})
    solr.add([{"id": "u", "signal_related_ss": ["b", "e"]}], fieldUpdates={"signal_related_ss": "add-distinct"})
    equal(current("u")[0]["signal_related_ss"], ["b", "d", "e"])
    solr.delete(id="u", commit=True)


@check
def optimistic_concurrency():
    solr.add([{"id": "v", "quantity_l": 1}])
    version = current("v")[0]["_version_"]
    equal(refused(lambda: solr.add([{"id": "v", "_version_": 7}])),
          "Solr responded with an error (HTTP 409): [Reason: version conflict for v expected=7 actual=%d]" % version)
    solr.add([{"id": "v", "quantity_l": 2, "_version_": version}])
    equal(current("v")[0]["quantity_l"], 2)
    solr.delete(id="v", commit=True)


@check
def real_time_get_before_the_commit():
    solr.add([{"id": "r"}])
    equal([document["id"] for document in current("r")], ["r"])
    equal(ids("id:r"), [])
    solr.delete(id="r")
    equal(current("r"), [])


@check
def versioned_chain():
    def write(version, title):
        body = json.dumps([{"id": "w", "attributes_version_l": version, "title_t": {"set": title}}])
        answer = solr._send_request("post", "update?update.chain=attributes&commit=true", body, {"Content-type": "application/json"})
        equal(json.loads(answer)["responseHeader"]["errors"], [])
    for version, title in ((5, "five"), (4, "four"), (5, "again"), (6, "six")):
        write(version, title)
    equal(solr.search("id:w").docs[0]["title_t"], "six")
    solr.add([{"id": "w", "attributes_version_l": 7, "deleted_b": True}], commit=True)
    equal(ids("id:w"), [])
    equal([document["id"] for document in everything.search("id:w")], ["w"])
    solr.delete(id="w", commit=True)
    equal(len(everything.search("id:w")), 0)


@check
def errors_carry_solrs_message():
    equal(refused(lambda: solr.search("nope:1")), "Solr responded with an error (HTTP 400): [Reason: undefined field nope]")
    equal(refused(lambda: solr.add([{"id": "x", "quantity_l": "many"}])),
          "Solr responded with an error (HTTP 400): [Reason: ERROR: [doc=x] Error adding field 'quantity_l'='many' msg=For input string: \"many\"]")
    equal(refused(lambda: solr.search("*:*", hl="true")), "Solr responded with an error (HTTP 400): [Reason: hl=true is not supported by the sandbox]")
    equal(refused(lambda: solr.more_like_this("id:a", "title_t")), "Solr responded with an error (HTTP 404): [Reason: Error 404 Not Found]")
    equal(refused(lambda: solr.suggest_terms("title_t", "t")),
          "Solr responded with an error (HTTP 400): [Reason: the handler /terms is not supported by the sandbox]")
    equal(refused(lambda: pysolr.Solr(base + "/nobody").search("*:*")), "Solr responded with an error (HTTP 404): [Reason: Error 404 Not Found]")


@check
def a_bad_bulk_applies_what_comes_before_it():
    refused(lambda: solr.add([{"id": "k1"}, {"id": "k2", "price_d": "much"}, {"id": "k3"}], commit=True))
    solr.commit()
    equal(ids("id:k*"), ["k1"])
    solr.delete(q="id:k*", commit=True)


@check
def optimize():
    solr.optimize()
    solr.optimize(maxSegments=1, waitSearcher=True)


@check
def core_admin():
    status = ElementTree.fromstring(pysolr.SolrCoreAdmin(base + "/admin/cores?wt=xml").status())
    core = status.find("lst[@name='status']/lst[@name='shop']")
    equal(core.find("str[@name='name']").text, "shop")
    equal(core.find("lst[@name='index']/int[@name='numDocs']").text, str(len(ids())))


results = {}
for name, run in checks.items():
    try:
        run()
        results[name] = "ok"
    except Exception:
        results[name] = traceback.format_exc(limit=-2)
print(json.dumps(results))
