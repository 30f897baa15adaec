"""Holds a schema registry to its REST API with plain HTTP. Prints one JSON object: the name of every check, and "ok" or what went wrong."""
import json
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

base = sys.argv[1].rstrip("/")
TYPE = "application/vnd.schemaregistry.v1+json"
checks = {}


def check(function):
    checks[function.__name__] = function
    return function


def call(method, path, body=None):
    request = urllib.request.Request(base + path, method=method, headers={"Content-Type": TYPE, "Accept": TYPE},
                                     data=None if body is None else json.dumps(body).encode())
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        assert answer.headers["Content-Type"].split(";")[0] == TYPE, answer.headers["Content-Type"]
        return answer.status, json.loads(answer.read())


def ok(method, path, body=None):
    status, answer = call(method, path, body)
    assert status == 200, (method, path, status, answer)
    return answer


def refused(status, code, method, path, body=None):
    got, answer = call(method, path, body)
    assert (got, answer.get("error_code")) == (status, code), (method, path, got, answer)
    assert set(answer) == {"error_code", "message"} and answer["message"], answer
    return answer["message"]


def record(*fields, name="R"):
    fields = [field if isinstance(field, dict) else {"name": field, "type": "string"} for field in fields]
    return json.dumps({"type": "record", "name": name, "fields": fields}, separators=(",", ":"))


def optional(name, kind="int", default=0):
    return {"name": name, "type": kind, "default": default}


def register(subject, schema, query="", **more):
    return ok("POST", f"/subjects/{subject}/versions{query}", {"schema": schema, **more})["id"]


def forget(subject):
    ok("DELETE", f"/subjects/{subject}")
    ok("DELETE", f"/subjects/{subject}?permanent=true")


@check
def ids_subjects_and_versions():
    one, two = record("ids_a"), record("ids_a", optional("b"))
    first, second = register("ids-value", one), register("ids-value", two)
    assert register("ids-value", one) == first and register("ids-other", one) == first and first != second
    assert ok("GET", f"/schemas/ids/{first}") == {"schema": one}
    assert ok("GET", f"/schemas/ids/{second}/schema") == json.loads(two)
    assert ok("GET", f"/schemas/ids/{first}/subjects") == ["ids-other", "ids-value"]
    assert ok("GET", f"/schemas/ids/{first}/versions") == [{"subject": "ids-other", "version": 1}, {"subject": "ids-value", "version": 1}]
    assert ok("GET", "/subjects/ids-value/versions") == [1, 2]
    latest = {"subject": "ids-value", "version": 2, "id": second, "schema": two}
    assert ok("GET", "/subjects/ids-value/versions/latest") == latest == ok("GET", "/subjects/ids-value/versions/-1")
    assert ok("GET", "/subjects/ids-value/versions/2/schema") == json.loads(two)
    assert ok("POST", "/subjects/ids-value", {"schema": one})["version"] == 1
    assert ok("GET", "/subjects?subjectPrefix=ids-") == ["ids-other", "ids-value"]
    assert [entry["version"] for entry in ok("GET", "/schemas?subjectPrefix=ids-v")] == [1, 2]
    assert [entry["version"] for entry in ok("GET", "/schemas?subjectPrefix=ids-v&latestOnly=true")] == [2]
    assert ok("GET", "/schemas/types") == ["AVRO"] and ok("GET", "/") == {} and ok("GET", "/contexts") == ["."]


@check
def errors_of_what_is_not_there():
    register("there", record("there"))
    refused(404, 40401, "GET", "/subjects/none/versions")
    refused(404, 40401, "GET", "/subjects/none/versions/latest")
    refused(404, 40401, "POST", "/subjects/none", {"schema": record("there")})
    refused(404, 40401, "DELETE", "/subjects/none")
    refused(404, 40402, "GET", "/subjects/there/versions/9")
    refused(404, 40402, "DELETE", "/subjects/there/versions/9")
    refused(404, 40403, "GET", "/schemas/ids/99999")
    refused(404, 40403, "POST", "/subjects/there", {"schema": record("elsewhere")})
    refused(404, 404, "GET", "/associations/resources/x")
    refused(404, 404, "GET", "/associations/subjects/there")
    refused(405, 405, "PUT", "/subjects/there", {})
    for version in ("0", "-2", "x", "2147483648"):
        refused(422, 42202, "GET", f"/subjects/there/versions/{version}")


@check
def invalid_schemas():
    for schema in ("", "{", '{"type":"record","name":"R"}', '{"type":"nothing"}', record("a", "a"), record(optional("a", "int", "text")),
                   '{"type":"enum","name":"E","symbols":["A","A"]}', '["int","int"]', '{"type":"fixed","name":"F","size":-1}'):
        refused(422, 42201, "POST", "/subjects/invalid/versions", {"schema": schema})
        refused(422, 42201, "POST", "/compatibility/subjects/invalid/versions", {"schema": schema})
    refused(422, 42201, "POST", "/subjects/invalid/versions", {"schema": "{}", "schemaType": "PROTOBUF"})
    refused(404, 40401, "GET", "/subjects/invalid/versions")


# A new field without a default breaks readers of old data, a dropped one without a default readers of new data.
ADDED, DROPPED, BOTH = record("a", "b"), record(), record("a", optional("b"))
LEVELS = {"NONE": (True, True, True), "BACKWARD": (False, True, True), "FORWARD": (True, False, True), "FULL": (False, False, True)}


@check
def every_compatibility_level():
    for level, expected in LEVELS.items():
        for suffix in ("", "_TRANSITIVE") if level != "NONE" else ("",):
            subject = f"level-{level}{suffix}"
            register(subject, record("a"))
            assert ok("PUT", f"/config/{subject}", {"compatibility": level + suffix}) == {"compatibility": level + suffix}
            for schema, compatible in zip((ADDED, DROPPED, BOTH), expected):
                answer = ok("POST", f"/compatibility/subjects/{subject}/versions/latest", {"schema": schema})
                assert answer == {"is_compatible": compatible}, (subject, schema, answer)
                assert ok("POST", f"/compatibility/subjects/{subject}/versions", {"schema": schema})["is_compatible"] == compatible
                if not compatible:
                    assert "incompatible" in refused(409, 409, "POST", f"/subjects/{subject}/versions", {"schema": schema})
            register(subject, BOTH)


@check
def transitive_levels_look_at_every_version():
    text, none, number = record("a"), record(), record(optional("a"))
    for level, schemas in {"BACKWARD": (text, none, number), "FORWARD": (number, none, text)}.items():
        for suffix, status in (("", 200), ("_TRANSITIVE", 409)):
            subject = f"transitive-{level}{suffix}"
            ok("PUT", f"/config/{subject}", {"compatibility": "NONE"})
            register(subject, schemas[0]), register(subject, schemas[1])
            ok("PUT", f"/config/{subject}", {"compatibility": level + suffix})
            assert call("POST", f"/subjects/{subject}/versions", {"schema": schemas[2]})[0] == status, subject


@check
def messages_say_why():
    register("verbose", record("a"))
    answer = ok("POST", "/compatibility/subjects/verbose/versions/1?verbose=true", {"schema": ADDED})
    assert answer["is_compatible"] is False
    problem, version, schema, level = answer["messages"]
    assert problem.startswith("{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'") and problem.endswith("additionalInfo:'b'}"), problem
    assert (version, schema, level) == ("{oldSchemaVersion: 1}", "{oldSchema: '" + record("a") + "'}", "{compatibility: 'BACKWARD'}")
    message = refused(409, 409, "POST", "/subjects/verbose/versions", {"schema": ADDED})
    assert 'subject "verbose", details: [{errorType:' in message and "{oldSchemaVersion: 1}" in message, message
    assert ok("POST", "/compatibility/subjects/verbose/versions/1?verbose=true", {"schema": BOTH}) == {"is_compatible": True, "messages": []}
    assert ok("POST", "/compatibility/subjects/nowhere/versions/latest", {"schema": ADDED}) == {"is_compatible": True}
    refused(404, 40402, "POST", "/compatibility/subjects/nowhere/versions/3", {"schema": ADDED})


@check
def config():
    assert ok("GET", "/config") == {"compatibilityLevel": "BACKWARD"}
    refused(404, 40408, "GET", "/config/configured")
    assert ok("GET", "/config/configured?defaultToGlobal=true") == {"compatibilityLevel": "BACKWARD"}
    assert ok("PUT", "/config/configured", {"compatibility": "full"}) == {"compatibility": "FULL"}
    assert ok("GET", "/config/configured") == {"compatibilityLevel": "FULL"}
    assert ok("DELETE", "/config/configured") == {"compatibilityLevel": "FULL"}
    refused(404, 40401, "DELETE", "/config/configured")
    ok("PUT", "/config", {"compatibility": "FORWARD"})
    assert ok("DELETE", "/config") == {"compatibilityLevel": "FORWARD"} and ok("GET", "/config") == {"compatibilityLevel": "BACKWARD"}
    refused(422, 42203, "PUT", "/config", {"compatibility": "SOMETIMES"})


@check
def modes():
    assert ok("GET", "/mode") == {"mode": "READWRITE"}
    refused(404, 40409, "GET", "/mode/moded")
    assert ok("GET", "/mode/moded?defaultToGlobal=true") == {"mode": "READWRITE"}
    known = register("moded", record("a"))
    assert ok("PUT", "/mode/moded", {"mode": "READONLY"}) == {"mode": "READONLY"} == ok("GET", "/mode/moded")
    assert register("moded", record("a")) == known
    for method, path, body in (("POST", "/subjects/moded/versions", {"schema": BOTH}), ("DELETE", "/subjects/moded", None),
                               ("DELETE", "/subjects/moded/versions/1", None), ("PUT", "/config/moded", {"compatibility": "NONE"})):
        assert "read-only" in refused(422, 42205, method, path, body)
    assert ok("DELETE", "/mode/moded") == {"mode": "READONLY"}
    register("moded", BOTH)
    refused(422, 42204, "PUT", "/mode", {"mode": "SOMETIMES"})
    refused(422, 42205, "PUT", "/mode/moded", {"mode": "IMPORT"})
    refused(422, 42205, "POST", "/subjects/moded/versions", {"schema": ADDED, "id": 4711, "version": 9})
    ok("PUT", "/mode/moded?force=true", {"mode": "IMPORT"})
    imported = record("imported")
    assert register("moded", imported, id=4711, version=9) == 4711
    assert ok("GET", "/subjects/moded/versions") == [1, 2, 9] and ok("GET", "/schemas/ids/4711")["schema"] == imported
    refused(422, 42205, "POST", "/subjects/moded/versions", {"schema": record("c"), "id": 4711, "version": 10})
    refused(422, 42205, "POST", "/subjects/moded/versions", {"schema": record("c")})
    ok("PUT", "/mode/imported", {"mode": "IMPORT"})
    ok("PUT", "/mode/moded", {"mode": "READWRITE"})
    assert register("after-import", record("after_import")) > 4711


@check
def soft_and_hard_deletion():
    one, two = record("deleted"), record("deleted", optional("b"))
    first, second = register("deleted", one), register("deleted", two)
    ok("PUT", "/config/deleted", {"compatibility": "NONE"})
    refused(404, 40407, "DELETE", "/subjects/deleted/versions/1?permanent=true")
    assert ok("DELETE", "/subjects/deleted/versions/1") == 1
    refused(404, 40406, "DELETE", "/subjects/deleted/versions/1")
    refused(404, 40402, "GET", "/subjects/deleted/versions/1")
    assert ok("GET", "/subjects/deleted/versions/1?deleted=true")["id"] == first
    assert ok("GET", "/subjects/deleted/versions?deleted=true") == [1, 2] and ok("GET", "/subjects/deleted/versions?deletedOnly=true") == [1]
    refused(404, 40403, "POST", "/subjects/deleted", {"schema": one})
    assert ok("POST", "/subjects/deleted?deleted=true", {"schema": one})["version"] == 1
    refused(404, 40405, "DELETE", "/subjects/deleted?permanent=true")
    assert ok("DELETE", "/subjects/deleted") == [2]
    refused(404, 40404, "DELETE", "/subjects/deleted")
    refused(404, 40408, "GET", "/config/deleted")
    assert "deleted" not in ok("GET", "/subjects") and "deleted" in ok("GET", "/subjects?deleted=true")
    assert ok("GET", "/subjects?deletedOnly=true&subjectPrefix=deleted") == ["deleted"]
    assert ok("GET", f"/schemas/ids/{first}") == {"schema": one}
    assert register("deleted", one) == first
    assert ok("GET", "/subjects/deleted/versions?deleted=true") == [2, 3]
    assert ok("DELETE", "/subjects/deleted") == [3] and ok("DELETE", "/subjects/deleted?permanent=true") == [2, 3]
    refused(404, 40401, "GET", "/subjects/deleted/versions?deleted=true")
    refused(404, 40403, "GET", f"/schemas/ids/{second}")
    again = register("deleted", two)
    assert again > second and ok("GET", "/subjects/deleted/versions") == [1]
    forget("deleted")


@check
def references():
    register("ref-money", json.dumps({"type": "record", "name": "Money", "namespace": "m", "fields": [{"name": "cents", "type": "long"}]}))
    order = json.dumps({"type": "record", "name": "Order", "fields": [{"name": "total", "type": "m.Money"}]})
    used = [{"name": "m.Money", "subject": "ref-money", "version": 1}]
    refused(422, 42201, "POST", "/subjects/ref-order/versions", {"schema": order})
    refused(422, 42201, "POST", "/subjects/ref-order/versions", {"schema": order, "references": [{**used[0], "version": 2}]})
    number = register("ref-order", order, references=used)
    assert ok("GET", f"/schemas/ids/{number}")["references"] == used
    assert ok("GET", "/subjects/ref-order/versions/1")["references"] == used
    assert ok("GET", "/subjects/ref-money/versions/1/referencedby") == [number]
    refused(422, 42206, "DELETE", "/subjects/ref-money/versions/1")
    refused(422, 42206, "DELETE", "/subjects/ref-money")
    assert ok("GET", "/subjects/ref-money/versions") == [1]
    forget("ref-order")
    forget("ref-money")


@check
def normalization():
    written = '{"name":"N", "type":"record", "z":1, "a":2, "fields":[]}'
    plain = register("normal-plain", written)
    assert register("normal-plain", '{"type":"record","name":"N","a":2,"z":1,"fields":[]}') != plain
    normal = register("normal", written, "?normalize=true")
    assert register("normal", '{"type":"record","a":2,"name":"N","fields":[],"z":1}', "?normalize=true") == normal
    assert ok("POST", "/subjects/normal?normalize=true", {"schema": written})["id"] == normal
    assert ok("GET", f"/schemas/ids/{normal}")["schema"] == '{"type":"record","name":"N","fields":[],"a":2,"z":1}'


@check
def subjects_with_odd_names():
    for subject in ("a/b", "ü ö", "%", ":x", "a+b"):
        quoted = urllib.parse.quote(subject, safe="")
        register(quoted, record("odd"))
        assert subject in ok("GET", "/subjects") and ok("GET", f"/subjects/{quoted}/versions") == [1], subject
        forget(quoted)


results = {}
for name, function in checks.items():
    try:
        function()
        results[name] = "ok"
    except Exception:
        results[name] = traceback.format_exc()
print(json.dumps(results))
