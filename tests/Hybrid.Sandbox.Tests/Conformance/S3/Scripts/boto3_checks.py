"""Holds an S3 service to what boto3 relies on. Prints one JSON object: the name of every check, and "ok" or what went wrong."""
import hashlib
import io
import json
import os
import sys
import traceback
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

endpoint, access_key, secret_key = sys.argv[1:4]
MIB = 1 << 20
BUCKET = "boto3"


def client(secret=secret_key, **config):
    return boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=access_key, aws_secret_access_key=secret, region_name="us-east-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path", **config}, retries={"max_attempts": 0}))


s3 = client()
checks = {}


def check(function):
    checks[function.__name__] = function
    return function


def refused(call, code, status):
    try:
        call()
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert got == (code, status), f"{got} instead of {(code, status)}"
        return error.response
    raise AssertionError(f"accepted instead of {code}")


def put(key, body=b"x", **more):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)


def read(key, **more):
    return s3.get_object(Bucket=BUCKET, Key=key, **more)["Body"].read()


@check
def multipart_upload_and_parallel_download():
    body = os.urandom(17 * MIB + 123)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=4)
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "large", Config=config, ExtraArgs={"ContentType": "application/gzip", "Metadata": {"a": "b"}})
    head = s3.head_object(Bucket=BUCKET, Key="large")
    parts = [body[at:at + 5 * MIB] for at in range(0, len(body), 5 * MIB)]
    etag = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()
    assert head["ETag"] == f'"{etag}-{len(parts)}"', head["ETag"]
    assert head["ContentType"] == "application/gzip" and head["Metadata"] == {"a": "b"}
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", back, Config=config)
    assert back.getvalue() == body
    third = s3.get_object(Bucket=BUCKET, Key="large", PartNumber=3)
    assert third["Body"].read() == parts[2] and third["PartsCount"] == 4
    assert third["ContentRange"] == f"bytes {10 * MIB}-{15 * MIB - 1}/{len(body)}", third["ContentRange"]
    assert s3.head_object(Bucket=BUCKET, Key="large", PartNumber=4)["ContentLength"] == len(parts[3])
    refused(lambda: s3.get_object(Bucket=BUCKET, Key="large", PartNumber=5), "InvalidPartNumber", 416)


@check
def multipart_copy():
    body = os.urandom(11 * MIB)
    put("copy/source", body, ContentType="text/csv", Metadata={"k": "v"})
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.copy({"Bucket": BUCKET, "Key": "copy/source"}, BUCKET, "copy/in parts", Config=config)
    assert read("copy/in parts") == body
    assert s3.head_object(Bucket=BUCKET, Key="copy/in parts")["ETag"].endswith('-3"')
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="copy/part")["UploadId"]
    source = {"Bucket": BUCKET, "Key": "copy/source"}
    part = s3.upload_part_copy(Bucket=BUCKET, Key="copy/part", UploadId=upload, PartNumber=1, CopySource=source, CopySourceRange="bytes=3-9")
    refused(lambda: s3.upload_part_copy(Bucket=BUCKET, Key="copy/part", UploadId=upload, PartNumber=2, CopySource=source,
                                        CopySourceRange=f"bytes=0-{11 * MIB}"), "InvalidRange", 416)
    refused(lambda: s3.upload_part_copy(Bucket=BUCKET, Key="copy/part", UploadId=upload, PartNumber=2, CopySource=source,
                                        CopySourceIfMatch='"other"'), "PreconditionFailed", 412)
    s3.complete_multipart_upload(Bucket=BUCKET, Key="copy/part", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]})
    assert read("copy/part") == body[3:10]


@check
def list_and_abort_uploads():
    ids = {}
    for key in ["up/a", "up/a", "up/b/1", "up/b/2", "up/c d"]:
        ids.setdefault(key, []).append(s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"])
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=BUCKET, Prefix="up/", PaginationConfig={"PageSize": 2})
    seen = [(upload["Key"], upload["UploadId"]) for page in pages for upload in page["Uploads"]]
    assert seen == [(key, upload) for key, uploads in ids.items() for upload in uploads], seen
    rolled = s3.list_multipart_uploads(Bucket=BUCKET, Prefix="up/", Delimiter="/")
    assert [prefix["Prefix"] for prefix in rolled["CommonPrefixes"]] == ["up/b/"] and len(rolled["Uploads"]) == 3
    upload = ids["up/c d"][0]
    for number in (3, 1, 2):
        s3.upload_part(Bucket=BUCKET, Key="up/c d", UploadId=upload, PartNumber=number, Body=b"x" * number)
    parts = [part for page in s3.get_paginator("list_parts").paginate(
        Bucket=BUCKET, Key="up/c d", UploadId=upload, PaginationConfig={"PageSize": 2}) for part in page["Parts"]]
    assert [(part["PartNumber"], part["Size"]) for part in parts] == [(1, 1), (2, 2), (3, 3)]
    for key, uploads in ids.items():
        for upload in uploads:
            s3.abort_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET, Prefix="up/")
    refused(lambda: s3.list_parts(Bucket=BUCKET, Key="up/c d", UploadId=upload), "NoSuchUpload", 404)


@check
def ranges():
    put("digits", b"0123456789")
    for wanted, expected, header in [("bytes=2-4", b"234", "bytes 2-4/10"), ("bytes=7-", b"789", "bytes 7-9/10"),
                                     ("bytes=-2", b"89", "bytes 8-9/10"), ("bytes=0-99", b"0123456789", "bytes 0-9/10")]:
        got = s3.get_object(Bucket=BUCKET, Key="digits", Range=wanted)
        assert (got["Body"].read(), got["ContentRange"], got["ResponseMetadata"]["HTTPStatusCode"]) == (expected, header, 206), wanted
    error = refused(lambda: s3.get_object(Bucket=BUCKET, Key="digits", Range="bytes=10-"), "InvalidRange", 416)["Error"]
    assert error["ActualObjectSize"] == "10" and error["RangeRequested"] == "bytes=10-", error


@check
def conditional_reads():
    etag = put("conditional", b"1")["ETag"]
    modified = s3.head_object(Bucket=BUCKET, Key="conditional")["LastModified"]
    assert read("conditional", IfMatch=etag) == b"1" and read("conditional", IfNoneMatch='"other"') == b"1"
    refused(lambda: read("conditional", IfMatch='"other"'), "PreconditionFailed", 412)
    refused(lambda: read("conditional", IfNoneMatch=etag), "304", 304)
    refused(lambda: read("conditional", IfModifiedSince=modified), "304", 304)
    refused(lambda: s3.head_object(Bucket=BUCKET, Key="conditional", IfMatch='"other"'), "412", 412)
    assert read("conditional", IfUnmodifiedSince=modified) == b"1"


def conditional(**headers):
    """A client whose puts carry headers that this version of boto3 has no parameter for."""
    conditional_client = client()
    conditional_client.meta.events.register(
        "before-sign.s3.PutObject", lambda request, **_: [request.headers.add_header(name.replace("_", "-"), value) for name, value in headers.items()])
    return lambda key, body: conditional_client.put_object(Bucket=BUCKET, Key=key, Body=body)


@check
def conditional_writes():
    create = conditional(If_None_Match="*")
    etag = create("once", b"1")["ETag"]
    error = refused(lambda: create("once", b"2"), "PreconditionFailed", 412)["Error"]
    assert error["Condition"] == "If-None-Match", error
    refused(lambda: conditional(If_Match='"other"')("once", b"2"), "PreconditionFailed", 412)
    refused(lambda: conditional(If_Match=etag)("never", b"2"), "NoSuchKey", 404)
    conditional(If_Match=etag)("once", b"3")
    assert read("once") == b"3"
    refused(lambda: conditional(If_None_Match=etag)("once", b"4"), "NotImplemented", 501)


@check
def copies_and_metadata():
    put("original", b"text", ContentType="text/plain", CacheControl="no-cache", ContentEncoding="identity",
        ContentDisposition="inline", ContentLanguage="en", Metadata={"one": "1", "two": "z\u0065"}, Tagging="t=1&u=a%20b")
    source = {"Bucket": BUCKET, "Key": "original"}
    copied = s3.copy_object(Bucket=BUCKET, Key="copied ü+", CopySource=source)["CopyObjectResult"]
    head = s3.head_object(Bucket=BUCKET, Key="copied ü+")
    assert head["ETag"] == copied["ETag"] and head["Metadata"] == {"one": "1", "two": "ze"}
    assert (head["ContentType"], head["CacheControl"], head["ContentDisposition"], head["ContentLanguage"]) == ("text/plain", "no-cache", "inline", "en")
    s3.copy_object(Bucket=BUCKET, Key="original", CopySource=source, MetadataDirective="REPLACE", Metadata={"three": "3"}, ContentType="a/b")
    head = s3.head_object(Bucket=BUCKET, Key="original")
    assert head["Metadata"] == {"three": "3"} and head["ContentType"] == "a/b" and "CacheControl" not in head
    refused(lambda: s3.copy_object(Bucket=BUCKET, Key="original", CopySource=source), "InvalidRequest", 400)
    refused(lambda: s3.copy_object(Bucket=BUCKET, Key="x", CopySource={"Bucket": BUCKET, "Key": "none"}), "NoSuchKey", 404)
    refused(lambda: s3.copy_object(Bucket=BUCKET, Key="x", CopySource=source, CopySourceIfNoneMatch=head["ETag"]), "PreconditionFailed", 412)
    refused(lambda: put("x", Metadata={"k": "v" * 2100}), "MetadataTooLarge", 400)
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="copied ü+")["TagSet"]
    assert tags == [{"Key": "t", "Value": "1"}, {"Key": "u", "Value": "a b"}], tags


@check
def tagging():
    etag = put("tagged", b"t")["ETag"]
    tags = [{"Key": f"k{n}", "Value": "&<ü>"} for n in range(10)]
    s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": tags})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == tags
    got = s3.get_object(Bucket=BUCKET, Key="tagged")
    assert got["TagCount"] == 10 and got["ETag"] == etag and got["Body"].read() == b"t"
    refused(lambda: s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": tags + [{"Key": "z", "Value": ""}]}), "BadRequest", 400)
    s3.delete_object_tagging(Bucket=BUCKET, Key="tagged")
    assert s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == []
    refused(lambda: s3.get_object_tagging(Bucket=BUCKET, Key="none"), "NoSuchKey", 404)


@check
def listing_of_10_000_keys():
    expected = sorted(f"{n % 10}/{n:05d}" for n in range(10_000))
    for name in ("list_objects", "list_objects_v2"):
        pages = list(s3.get_paginator(name).paginate(Bucket="ten-thousand"))
        assert [entry["Key"] for page in pages for entry in page["Contents"]] == expected, name
        assert len(pages) == 10, name
        pages = list(s3.get_paginator(name).paginate(Bucket="ten-thousand", Prefix="3/0", Delimiter="3"))
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        prefixes = [prefix["Prefix"] for page in pages for prefix in page.get("CommonPrefixes", [])]
        below = [key for key in expected if key.startswith("3/0")]
        assert keys == [] and prefixes == sorted({key[:key.index("3", 3) + 1] for key in below}), (name, prefixes)
    versions = [entry["Key"] for page in s3.get_paginator("list_object_versions").paginate(Bucket="ten-thousand", Prefix="7") for entry in page["Versions"]]
    assert versions == [key for key in expected if key[0] == "7"]
    for at in range(0, len(expected), 1000):
        answer = s3.delete_objects(Bucket="ten-thousand", Delete={"Objects": [{"Key": key} for key in expected[at:at + 1000]], "Quiet": at > 0})
        assert len(answer.get("Deleted", [])) == (1000 if at == 0 else 0) and "Errors" not in answer
    assert s3.list_objects_v2(Bucket="ten-thousand")["KeyCount"] == 0
    s3.delete_bucket(Bucket="ten-thousand")


@check
def listing_of_odd_keys():
    s3.create_bucket(Bucket="odd")
    keys = ["a b", "a+b", "a/b//c", "a%20b", "ä/ö", "<&>'\"", "tab\there", "line\nend", "x\u0001y", "\U0001F600", "\uE000", ".", "..", "q?r#s", "per%cent"]
    for key in keys:
        s3.put_object(Bucket="odd", Key=key, Body=key.encode())
    for key in keys:
        assert s3.get_object(Bucket="odd", Key=key)["Body"].read() == key.encode(), key
    in_order = sorted(keys, key=lambda key: key.encode())
    for name in ("list_objects", "list_objects_v2"):
        seen = [entry["Key"] for page in s3.get_paginator(name).paginate(Bucket="odd", PaginationConfig={"PageSize": 2}) for entry in page["Contents"]]
        assert seen == in_order, (name, seen)
    page = s3.list_objects_v2(Bucket="odd", Prefix="a", Delimiter="/", StartAfter="a b", FetchOwner=True)
    assert [entry["Key"] for entry in page["Contents"]] == ["a%20b", "a+b"] and page["StartAfter"] == "a b", page
    assert [prefix["Prefix"] for prefix in page["CommonPrefixes"]] == ["a/"] and "Owner" in page["Contents"][0]
    percent = s3.list_objects(Bucket="odd", Prefix="per", Delimiter="%")
    assert percent["Delimiter"] == "%" and percent["CommonPrefixes"][0]["Prefix"] == "per%", percent
    assert s3.list_objects_v2(Bucket="odd", MaxKeys=0)["KeyCount"] == 0
    assert s3.list_objects(Bucket="odd", Marker="x")["Contents"][0]["Key"] == "x\u0001y"
    deleted = s3.delete_objects(Bucket="odd", Delete={"Objects": [{"Key": key} for key in keys if key != "x\u0001y"]})
    assert len(deleted["Deleted"]) == len(keys) - 1
    s3.delete_object(Bucket="odd", Key="x\u0001y")
    s3.delete_bucket(Bucket="odd")


@check
def checksums():
    body = b"some bytes"
    crcs = {"CRC32": "BHn7tw==", "SHA1": None, "SHA256": None}
    for algorithm in crcs:
        name = f"Checksum{algorithm}"
        answer = put("checked", body, ChecksumAlgorithm=algorithm)
        kept = s3.get_object(Bucket=BUCKET, Key="checked", ChecksumMode="ENABLED")
        assert kept[name] == answer[name] and kept["Body"].read() == body, algorithm
        refused(lambda: put("refused", body, **{name: answer[name][::-1].replace("=", "A")[:-1] + "="}), "BadDigest", 400)
    md5 = hashlib.md5(body).digest()
    import base64
    put("md5", body, ContentMD5=base64.b64encode(md5).decode())
    refused(lambda: put("refused", body + b"!", ContentMD5=base64.b64encode(md5).decode()), "BadDigest", 400)
    refused(lambda: put("refused", body, ContentMD5="bm8="), "InvalidDigest", 400)
    refused(lambda: s3.head_object(Bucket=BUCKET, Key="refused"), "404", 404)
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="composite", ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number, piece in enumerate([b"a" * 5 * MIB, b"b"], 1):
        answer = s3.upload_part(Bucket=BUCKET, Key="composite", UploadId=upload, PartNumber=number, Body=piece, ChecksumAlgorithm="SHA256")
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]})
    wrong = [{**parts[0], "ChecksumSHA256": parts[1]["ChecksumSHA256"]}, parts[1]]
    refused(lambda: s3.complete_multipart_upload(Bucket=BUCKET, Key="composite", UploadId=upload, MultipartUpload={"Parts": wrong}), "InvalidPart", 400)
    done = s3.complete_multipart_upload(Bucket=BUCKET, Key="composite", UploadId=upload, MultipartUpload={"Parts": parts})
    digests = b"".join(hashlib.sha256(piece).digest() for piece in [b"a" * 5 * MIB, b"b"])
    assert done["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(digests).digest()).decode() + "-2", done
    assert s3.head_object(Bucket=BUCKET, Key="composite", ChecksumMode="ENABLED")["ChecksumSHA256"] == done["ChecksumSHA256"]


@check
def presigned_urls():
    url = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "pre signed/ü"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(url, data=b"by url", method="PUT"))
    get = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "pre signed/ü", "ResponseContentType": "a/b"}, ExpiresIn=60)
    with urllib.request.urlopen(get) as answer:
        assert answer.read() == b"by url" and answer.headers["Content-Type"] == "a/b"
    old = boto3.client("s3", endpoint_url=endpoint, aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name="us-east-1",
                       config=Config(signature_version="s3"))
    refused(old.list_buckets, "InvalidRequest", 400)
    for bad in (get.replace("pre", "pro"), get[:-1] + ("0" if get[-1] != "0" else "1"), get.replace("X-Amz-Expires=60", "X-Amz-Expires=61")):
        try:
            urllib.request.urlopen(bad)
            raise AssertionError(f"accepted {bad}")
        except urllib.error.HTTPError as error:
            assert error.code == 403 and b"SignatureDoesNotMatch" in error.read()


@check
def signatures():
    refused(lambda: client(secret="wrong").list_buckets(), "SignatureDoesNotMatch", 403)
    refused(lambda: client(secret="wrong").put_object(Bucket=BUCKET, Key="forged", Body=b""), "SignatureDoesNotMatch", 403)
    refused(lambda: s3.head_object(Bucket=BUCKET, Key="forged"), "404", 404)


@check
def read_outs_of_a_bucket():
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    for acl in (s3.get_bucket_acl(Bucket=BUCKET), s3.get_object_acl(Bucket=BUCKET, Key=put("acl") and "acl")):
        assert acl["Grants"][0]["Permission"] == "FULL_CONTROL" and acl["Grants"][0]["Grantee"]["ID"] == acl["Owner"]["ID"]
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
    s3.get_bucket_logging(Bucket=BUCKET), s3.get_bucket_notification_configuration(Bucket=BUCKET)
    for call, code in [(s3.get_bucket_policy, "NoSuchBucketPolicy"), (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
                       (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"), (s3.get_bucket_tagging, "NoSuchTagSet"),
                       (s3.get_bucket_website, "NoSuchWebsiteConfiguration"),
                       (s3.get_bucket_encryption, "ServerSideEncryptionConfigurationNotFoundError"),
                       (s3.get_public_access_block, "NoSuchPublicAccessBlockConfiguration")]:
        refused(lambda: call(Bucket=BUCKET), code, 404)
    refused(lambda: s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}), "NotImplemented", 501)
    refused(lambda: s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read"), "AccessControlListNotSupported", 400)
    refused(lambda: put("x", ServerSideEncryption="AES256"), "NotImplemented", 501)
    refused(lambda: put("x", StorageClass="GLACIER"), "InvalidStorageClass", 400)


@check
def errors():
    answer = refused(lambda: read("none"), "NoSuchKey", 404)
    assert answer["Error"]["Key"] == "none" and answer["Error"]["Message"], answer
    assert answer["Error"]["Resource"] == f"/{BUCKET}/none", answer
    assert answer["ResponseMetadata"]["RequestId"] and answer["ResponseMetadata"]["HostId"], answer
    refused(lambda: s3.list_objects_v2(Bucket="no-such"), "NoSuchBucket", 404)
    refused(lambda: s3.head_bucket(Bucket="no-such"), "404", 404)
    refused(lambda: s3.create_bucket(Bucket=BUCKET), "BucketAlreadyOwnedByYou", 409)
    refused(lambda: s3.delete_bucket(Bucket=BUCKET), "BucketNotEmpty", 409)
    refused(lambda: put("k" * 1025), "KeyTooLongError", 400)
    refused(lambda: s3.list_objects_v2(Bucket=BUCKET, ContinuationToken="foreign"), "InvalidArgument", 400)
    assert s3.delete_object(Bucket=BUCKET, Key="none")["ResponseMetadata"]["HTTPStatusCode"] == 204


s3.create_bucket(Bucket=BUCKET)
results = {}
for name, function in checks.items():
    try:
        function()
        results[name] = "ok"
    except Exception:
        results[name] = traceback.format_exc()
print(json.dumps(results))
