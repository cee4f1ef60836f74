//! Requests that end other mock servers: each gets its 4xx or its reply, at once.

use crate::raw;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Odd, version: '1'}
paths:
  /text/{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: Text, content: {text/plain: {schema: {type: string}, example: hello}}}
  /tags:
    get:
      parameters:
        - {name: X-Tags, in: header, schema: {type: array, items: {type: integer}}}
        - {name: ids, in: query, schema: {type: array, items: {type: integer}}}
        - {name: where, in: query, style: deepObject, schema: {properties: {a: {type: integer}}}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: session, in: cookie, schema: {type: string, minLength: 2}}
      responses:
        '200':
          description: Fields
          headers:
            X-List: {schema: {type: array, items: {type: string}}}
            X-Numbers: {schema: {type: array, items: {type: integer}, minItems: 2}}
            X-Shown: {schema: {type: array, items: {type: string}}, example: [a, b]}
            X-Object: {schema: {type: object, properties: {a: {type: integer}}}}
          content: {application/json: {schema: {type: object}, example: {ok: true}}}
  /form:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: &thing
              type: object
              required: [n]
              properties:
                n: {type: integer}
                meta: {type: object}
                file: {type: string, format: binary}
            encoding:
              meta: {contentType: application/json, headers: {X-Id: {schema: {type: integer}}}}
              file: {contentType: image/png}
          application/x-www-form-urlencoded: {schema: *thing}
          application/json: {schema: *thing}
          application/xml: {schema: *thing}
          application/x-ndjson: {schema: {type: object}}
          text/plain: {schema: {type: string, maxLength: 10}}
      responses: {'200': {description: Taken, content: {text/plain: {example: taken}}}}
  /closed:
    get:
      security: [{bearer: []}, {basic: []}, {key: []}, {cookie: []}]
      responses: {'200': {description: In, content: {application/json: {example: 1}}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer, bearerFormat: JWT}
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
";

type Case = (Vec<u8>, RangeInclusive<u16>);

/// The lines of a list, of which `\r`, `\n` and `\xNN` stand for octets.
fn lines(list: &str) -> impl Iterator<Item = Vec<u8>> {
    list.trim_matches('\n').lines().map(|line| {
        let mut parts = line.split('\\');
        let mut octets = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (octet, rest) = match part.as_bytes() {
                [b'r', rest @ ..] => (b'\r', rest),
                [b'n', rest @ ..] => (b'\n', rest),
                [b'x', _, _, rest @ ..] => (u8::from_str_radix(&part[1..3], 16).expect(line), rest),
                _ => panic!("{line}"),
            };
            octets.push(octet);
            octets.extend_from_slice(rest);
        }
        octets
    })
}

fn get(target: &[u8], fields: &[u8]) -> Vec<u8> {
    [
        b"GET ",
        target,
        b" HTTP/1.1\r\nHost: localhost\r\n",
        fields,
        b"\r\n",
    ]
    .concat()
}

fn field(target: &str, name: &str, value: &[u8]) -> Vec<u8> {
    get(
        target.as_bytes(),
        &[name.as_bytes(), b": ", value, b"\r\n"].concat(),
    )
}

fn post(media_type: &[u8], body: &[u8]) -> Vec<u8> {
    let length = format!("\r\nContent-Length: {}\r\n\r\n", body.len());
    let head = b"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";
    [head, media_type, length.as_bytes(), body].concat()
}

/// Asks one after another, and tells what isn't answered in time by a status in its range.
#[track_caller]
fn asked(cases: impl IntoIterator<Item = Case>) {
    let contract = Contract::from_text("t.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Arc::new(Host::new(vec![("odd".to_owned(), contract)]));
    let served = raw::serve(host, ServerConfig::default());
    let mut wrong = Vec::new();
    for (request, expected) in cases {
        let started = Instant::now();
        let reply = served.send(&request);
        let took = started.elapsed();
        // In a debug build, beside other tests.
        if !expected.contains(&reply.status()) || took > Duration::from_secs(2) {
            let shown = String::from_utf8_lossy(&request[..request.len().min(300)]);
            wrong.push(format!("{shown:?}: {took:?} {}", reply.0));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    served.send(get(b"/text/a", b"")).is(200);
}

#[test]
fn broken_percent_encoding_is_4xx_wherever_it_stands() {
    let broken = "%zz % %4 a%zzb %c3%28 %ff%fe %ed%a0%80 %c0%af %f8%88%80%80%80";
    let mut cases = Vec::new();
    for broken in broken.split_whitespace() {
        for target in [
            "/text/",
            "/",
            "/tags?ids=",
            "/tags?",
            "/tags?where[",
            "/closed?key=",
        ] {
            let target = format!("{target}{broken}");
            cases.push((get(target.as_bytes(), b""), 400..=400));
        }
        let pair = format!("session={broken}");
        cases.push((field("/tags", "Cookie", pair.as_bytes()), 422..=422));
        let form = b"application/x-www-form-urlencoded";
        let pair = format!("n={broken}");
        cases.push((post(form, pair.as_bytes()), 400..=400));
    }
    asked(cases);
}

#[test]
fn odd_targets_are_answered() {
    let taken = "
/text/%00
/text/%2e%2e
/text/%0d%0aX:1
/text/a;b=c
/text/{name}
/text/\\xc3\\xa9
/tags?
/tags?&&&
/tags?=&=
/tags??";
    let refused = "
/text/
/text/\\xe9
/tags?ids=
/tags?ids=1&ids=x
/tags?ids=1e9999999999
/tags?where[a]=x
/tags?where[a]=1&where[a]=2
/tags?where[a=1
/tags?filter=
/tags?filter={
/tags?filter=null
/closed?key=";
    let deep = format!("/tags?where{}=1", "[a]".repeat(1_000));
    let long = format!("/text/{}", "a".repeat(7_000));
    let many = format!("/tags?{}", "a=1&".repeat(900));
    let taken = lines(taken).chain([long.into_bytes(), many.into_bytes()]);
    let refused = lines(refused).chain([deep.into_bytes()]);
    let taken = taken.map(|target| (get(&target, b""), 200..=200));
    asked(taken.chain(refused.map(|target| (get(&target, b""), 400..=422))));
}

#[test]
fn odd_header_fields_are_answered() {
    let long = "a".repeat(20_000);
    let many = "a/b, ".repeat(4_000);
    let mut cases = vec![(get(b"/tags", b""), 200..=200)];
    let mut add = |target: &str, name: &str, expected: RangeInclusive<u16>, values: &str| {
        let values = lines(values).map(|value| (field(target, name, &value), expected.clone()));
        cases.extend(values);
    };
    add("/tags", "X-Tags", 200..=200, "\n1\n1, 2");
    add("/tags", "X-Tags", 422..=422, "\"\n1,\"\n%zz\n\\xff\\xfe");
    add("/tags", "X-Tags", 422..=422, &long);
    add(
        "/tags",
        "Cookie",
        200..=200,
        ";\n=\nsession\n; ; ;\na=\\xff; session=ab",
    );
    add(
        "/tags",
        "Cookie",
        422..=422,
        "session=\nsession=\\xff\\xff\na=\\xff; session=a",
    );
    let accept = "
garbage
*
*/*/*
/
;
,,,
application/
/json
*/json
application/json;
a/b;q
a/b;q=
a/b;q=x
a/b;q=2
a/b;q=NaN
\"
text/plain;a=\"
*/*;q=0
\\xff\\xfe";
    add("/text/a", "Accept", 200..=406, accept);
    add("/text/a", "Accept", 200..=406, &many);
    let prefer = "
code
code=
code=abc
code=99999999999
code=-1
code=100
code=%zz
code=\"200
=
;;;
,,,
example=
example=\"
dynamic=maybe
seed=x
delay=-1
\\xff";
    add("/text/a", "Prefer", 200..=400, prefer);
    add("/text/a", "Prefer", 200..=400, &many);
    let authorization = "
Bearer
Bearer a.b.c
Bearer ..
Bearer \\xc3\\xa9
Basic
Basic !!!
Basic /w==
Basic dGVzdA==
Digest username=\"
,
=
\"
\\xff\\xfe
bearer,bearer";
    add("/closed", "Authorization", 401..=401, authorization);
    add("/closed", "Authorization", 401..=401, &long);
    add("/text/a", "If-None-Match", 200..=412, "\"\nW/\n,\n\\xff");
    add("/text/a", "Range", 200..=416, "bytes=\ngarbage\nbytes=9-1");
    asked(cases);
}

#[test]
fn odd_bodies_are_4xx() {
    let media_types = "
garbage
/
application/
application/json; charset
application/json; charset=klingon
application/json; charset=\"utf-8
application/json, text/plain
*/*
image/png
multipart/form-data
multipart/form-data; boundary=
multipart/form-data; boundary=\"
\\xff";
    let json = "
{
nul
{\"n\":
{\"n\":1,}
{\"n\":1}x
{\"n\":01}
{\"n\":1e999999999}
{\"n\":1,\"n\":2}
{\"n\":\"\\xff\"}
\\xff\\xfe{\\x00}\\x00
\\x00
null
[]
{\"n\":null}";
    let multipart = "
x
--b
--b--
--b\\r\\n
--b\\r\\n--b--
--b\\r\\n\\r\\n1\\r\\n--b--
--b\\r\\ngarbage\\r\\n\\r\\n1\\r\\n--b--
--b\\nContent-Disposition: form-data; name=n\\n\\n1\\n--b--
--b\\r\\nContent-Disposition: attachment; name=n\\r\\n\\r\\n1\\r\\n--b--";
    // Each the rest of a part's head, behind the name of its field.
    let parts = "
n
\"n\\r\\n\\r\\n1
n; filename=\"\\r\\n\\r\\n1
\\r\\n\\r\\n1
n\\r\\n1
n\\r\\n\\r\\n\\xff
\"\\xff\"\\r\\n\\r\\n1
n\\r\\nContent-Type: garbage\\r\\n\\r\\n1
n\\r\\nContent-Type: text/plain; charset=klingon\\r\\n\\r\\n1
n\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\n!!!
n\\r\\n\\r\\n1\\r\\n--b\\r\\nContent-Disposition: form-data; name=n\\r\\n\\r\\n1
meta\\r\\n\\r\\n{
meta\\r\\nX-Id: x\\r\\n\\r\\n{}
file\\r\\nContent-Type: text/html\\r\\n\\r\\n1";
    let form = "%zz=1\nn=%ff\nn\n=\n&\nn=1&n=2\nn=x\nmeta={&n=1\nn=\\xff\n\\x00";
    let xml = "
<
<n>
<n></m>
<n>&lol;</n>
<!DOCTYPE n SYSTEM 'file:///x'><n/>
<n a='1' a='2'/>
<?xml version='1.0' encoding='klingon'?><n/>
<n>&#0;</n>
<n><![CDATA[</n>
<x:n/>
text
\\x00<n/>
\\xff\\xfe<\\x00";
    let mut cases: Vec<Case> = lines(media_types)
        .map(|media_type| (post(&media_type, b"{\"n\":1}"), 400..=415))
        .collect();
    let mut add = |media_type: &[u8], body: &[u8]| {
        cases.push((post(media_type, body), 400..=422));
    };
    let form_data = b"multipart/form-data; boundary=b";
    for part in lines(parts) {
        let head = b"--b\r\nContent-Disposition: form-data; name=";
        add(form_data, &[head, &*part, b"\r\n--b--"].concat());
    }
    add(form_data, "--b\r\n".repeat(5_000).as_bytes());
    add(b"application/json", "[".repeat(100_000).as_bytes());
    add(b"application/xml", "<a>".repeat(100_000).as_bytes());
    for (media_type, bodies) in [
        (&b"application/json"[..], json),
        (form_data, multipart),
        (b"application/x-www-form-urlencoded", form),
        (b"application/xml", xml),
        (b"application/x-ndjson", "{\n{}\\n{\n1\\n2\n{}\\n\\x00"),
        (b"text/plain", "\\xff\n12345678901"),
        (b"text/plain; charset=utf-16be", "\\x00\n\\xd8\\x00"),
    ] {
        lines(bodies).for_each(|body| add(media_type, &body));
        // A text may be empty.
        if !media_type.starts_with(b"text/") {
            add(media_type, b"");
        }
    }
    asked(cases);
}
