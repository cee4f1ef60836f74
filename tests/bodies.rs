//! Bodies of every media type that is read, each against the schema documented for it.

use crate::process::Folder;
use counterpart::contract::{Contract, Loading};
use counterpart::wire::{Method, Request, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// A contract whose one operation, `POST /x`, takes these media types.
fn contract(content: &str) -> Contract {
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /x:\n    post:\n      \
         requestBody:\n        content:\n{content}\n      responses: {{'204': {{description: Done}}}}\n"
    );
    Contract::from_text("t.yaml", &document).unwrap_or_else(|errors| panic!("{document}\n{errors}"))
}

fn post(contract: &Contract, media_type: &str, body: impl Into<Vec<u8>>) -> (u16, String) {
    let request = Request::new(Method::POST, "/x").with_header(header::CONTENT_TYPE, media_type);
    answer(contract, request.with_body(body.into()))
}

/// The status, and what is told: the violations, else the refusal.
fn answer(contract: &Contract, request: Request) -> (u16, String) {
    let exchange = contract.answer(request);
    // What can't be read is told in a sentence of its own.
    let placed = exchange.violations.iter();
    let told = placed.filter(|violation| !["syntax", "content"].contains(&&*violation.rule));
    let told: Vec<String> = told.map(|v| format!("{}: {}", v.place, v.detail)).collect();
    let told = match told.is_empty() {
        true => exchange.refusal.unwrap_or_default(),
        false => told.join("; "),
    };
    (exchange.reply.status.as_u16(), told)
}

#[test]
fn the_most_exact_media_type_has_the_say() {
    let contract = contract(
        "          '*/*': {schema: {const: any}}
          application/*: {schema: {const: application}}
          application/*+json: {schema: {const: suffix}}
          application/json: {schema: {const: json}}
          application/merge-patch+json: {schema: {const: merge}}
          application/json-patch+json: {schema: {const: patch}}
          text/*: {schema: {const: text}}
          text/csv: {schema: {const: csv}}",
    );
    for (media_type, body) in [
        ("application/json", "\"json\""),
        ("Application/JSON; charset=UTF-8", "\"json\""),
        ("application/merge-patch+json", "\"merge\""),
        ("application/json-patch+json", "\"patch\""),
        ("application/problem+json", "\"suffix\""),
        ("application/xml", "<a>application</a>"),
        ("text/plain", "text"),
        ("text/csv", "csv"),
        ("model/x+json", "\"any\""),
        ("model/x+xml", "<a>any</a>"),
    ] {
        assert_eq!(post(&contract, media_type, body).0, 204, "{media_type}");
        let wrong = if body.starts_with('<') {
            "<a>z</a>"
        } else {
            "\"z\""
        };
        assert_eq!(post(&contract, media_type, wrong).0, 422, "{media_type}");
    }
}

#[test]
fn forms_are_objects_of_their_fields() {
    let contract = contract(
        "          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [n]
              properties:
                n: {type: integer}
                tags: {type: array, items: {type: string}, maxItems: 2}
                meta: {type: object, properties: {a: {type: integer}}, required: [a]}
                list: {type: array, items: {type: integer}}
              additionalProperties: false
            encoding:
              meta: {contentType: application/json}
              list: {style: pipeDelimited, explode: false}",
    );
    let form = "application/x-www-form-urlencoded";
    for (body, told) in [
        ("n=1&tags=a&tags=b&meta=%7B%22a%22:1%7D&list=1|2", ""),
        ("n=x", "body /n: must be an integer, got the string \"x\""),
        ("tags=a", "body /n: is required"),
        (
            "n=1&tags=a&tags=b&tags=c",
            "body /tags: takes at most 2 items, got an array of 3 items",
        ),
        ("n=1&meta={}", "body /meta/a: is required"),
        (
            "n=1&meta={",
            "the body has a fault in the field `meta`, which is not JSON: it ends within an object at line 1 column 2",
        ),
        (
            "n=1&list=1|a",
            "body /list/1: must be an integer, got the string \"a\"",
        ),
        ("n=1&x=1", "body /x: is not a property that may be here"),
        (
            "n=1&n=2",
            "the body has a fault in the field `n`, which is given 2 times, and takes one value",
        ),
        (
            "n=%zz",
            "the body has a fault in the field `n`, which has a % that isn't followed by two hexadecimal digits",
        ),
    ] {
        assert_eq!(post(&contract, form, body).1, told, "{body}");
    }
}

#[test]
fn fields_of_a_form_have_their_reserved_characters_encoded_where_that_is_said() {
    let contract = contract(
        "          application/x-www-form-urlencoded:
            schema: {type: object}
            encoding:
              no: {allowReserved: false}
              yes: {allowReserved: true}",
    );
    let form = "application/x-www-form-urlencoded";
    for (body, told) in [
        ("no=a+b%40c&yes=a@b:c&unsaid=a@b:c", ""),
        (
            "no=a@b",
            "body /no: needs its reserved characters percent-encoded, and has `@`",
        ),
    ] {
        let (status, got) = post(&contract, form, body);
        assert_eq!(got, told, "{body}");
        assert_eq!(status, if told.is_empty() { 204 } else { 422 }, "{body}");
    }
}

#[test]
fn a_body_that_is_not_documented_is_415_where_that_or_strictness_says_so() {
    let load = |responses: &str, strict: bool| {
        let document = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /x:\n    \
             post: &done {{responses: {{'204': {{description: Done}}{responses}}}}}\n    get: *done\n"
        );
        let loading = Loading {
            strict,
            ..Loading::default()
        };
        let folder = Folder::of(&[("api.yaml", &document)]);
        let path = folder.path().join("api.yaml");
        Contract::load_with(&path, None, &loading).unwrap_or_else(|errors| panic!("{errors}"))
    };
    let documented = ", '415': {description: No, content: {text/plain: {example: no body}}}";
    let request = |method: &Method, body: &str| {
        Request::new(method.clone(), "/x")
            .with_header(header::CONTENT_TYPE, "text/plain")
            .with_body(body.as_bytes().to_vec())
    };
    for (responses, strict, expected) in
        [("", false, 204), ("", true, 415), (documented, false, 415)]
    {
        let contract = load(responses, strict);
        let status = |method, body| answer(&contract, request(&method, body)).0;
        assert_eq!(status(Method::POST, "a"), expected, "{responses} {strict}");
        assert_eq!(status(Method::POST, ""), 204, "{responses} {strict}");
        // A body of GET says nothing.
        assert_eq!(status(Method::GET, "a"), 204, "{responses} {strict}");
    }
    let refused = load(documented, false).answer(request(&Method::POST, "a"));
    assert_eq!(refused.reply.body, "no body");
}

#[test]
fn rows_of_csv_are_judged_where_the_schema_is_one_of_rows() {
    let contract = contract(
        "          text/csv:
            schema:
              type: array
              maxItems: 2
              items:
                type: object
                required: [id]
                properties: {id: {type: integer}, name: {type: string, maxLength: 3}}
                additionalProperties: false",
    );
    for (body, told) in [
        ("id,name\r\n1,\"a,b\"\r\n2,\r\n", ""),
        (
            "name,id\nabcd,1\n",
            "body /0/name: takes at most 3 characters, got \"abcd\"",
        ),
        (
            "id\n1\nx\n",
            "body /1/id: must be an integer, got the string \"x\"",
        ),
        ("name\na\n", "body /0/id: is required"),
        (
            "id,x\n1,2\n",
            "body /0/x: is not a property that may be here",
        ),
        (
            "id\n1\n2\n3\n",
            "body: takes at most 2 items, got an array of 3 items",
        ),
        (
            "id\n1,2\n",
            "the body has more cells in row 2 than there are names",
        ),
        ("id,id\n1,2\n", "the body has two columns of the name `id`"),
        (
            "id\n\"1",
            "the body has a fault in row 2: a quotation mark is never closed",
        ),
    ] {
        assert_eq!(post(&contract, "text/csv", body).1, told, "{body}");
    }
}

/// A form of parts: each the fields behind its name, and a body.
fn parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (fields, content) in parts {
        body.extend_from_slice(b"--b\r\nContent-Disposition: form-data; name=");
        body.extend_from_slice(fields.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

#[test]
fn an_empty_file_text_or_form_is_a_body_that_must_be_there() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    post:
      requestBody:
        required: true
        content:
          application/octet-stream: {}
          text/plain: {schema: {type: string}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}
          application/json: {}
          text/csv: {schema: {type: array}}
      responses: {'204': {description: Done}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    for (media_type, status) in [
        ("application/octet-stream", 204),
        ("text/plain", 204),
        ("application/x-www-form-urlencoded", 204),
        ("application/json", 400),
        ("text/csv", 400),
    ] {
        assert_eq!(post(&contract, media_type, "").0, status, "{media_type}");
    }
    let unnamed = answer(&contract, Request::new(Method::POST, "/x"));
    assert_eq!(
        unnamed,
        (400, "a body is required, and there is none".to_owned())
    );
}

#[test]
fn multipart_forms_are_objects_of_their_parts() {
    let contract = contract(
        "          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, format: binary, maxLength: 4}
                files: {type: array, items: {type: string, format: binary}}
                n: {type: integer}
                meta: {type: object, properties: {a: {type: integer}}}
              additionalProperties: false
            encoding:
              file: {contentType: 'image/png, image/jpeg', headers: {X-Note: {required: true, schema: {type: string}}}}",
    );
    let file = "file; filename=a.png\r\nContent-Type: image/png\r\nX-Note: a";
    let other = "file; filename=a.gif\r\nContent-Type: image/gif";
    for (sent, told) in [
        (parts(&[(file, b"\x89PNG")]), ""),
        (
            parts(&[
                (file, b"\x89PNG"),
                ("n", b"1"),
                ("files", b"\0"),
                ("files", b""),
            ]),
            "",
        ),
        (
            parts(&[
                (file, b""),
                ("meta\r\nContent-Type: application/json", b"{\"a\":1}"),
            ]),
            "",
        ),
        (
            parts(&[(file, b"\x89PNG\0")]),
            "body /file: takes at most 4 characters, got \"\u{89}PNG\\u0000\"",
        ),
        (
            parts(&[(other, b"")]),
            "body /file: must be image/png or image/jpeg, got image/gif; body /file: needs the header field X-Note in its part",
        ),
        (parts(&[("n", b"1")]), "body /file: is required"),
        (
            parts(&[(file, b""), ("n", b"a")]),
            "body /n: must be an integer, got the string \"a\"",
        ),
        (
            parts(&[(file, b""), ("meta", b"{\"a\":\"1\"}")]),
            "body /meta/a: must be an integer, got the string \"1\"",
        ),
        (
            parts(&[(file, b""), ("x", b"")]),
            "body /x: is not a property that may be here",
        ),
        (
            parts(&[(file, b""), ("meta", b"{")]),
            "the body has a fault in the part `meta`, which is not JSON: it ends within an object at line 1 column 2",
        ),
        (
            b"--b\r\n".to_vec(),
            "the body ends before its closing boundary",
        ),
        (
            b"{}".to_vec(),
            "the body has no line that starts with its boundary",
        ),
    ] {
        let shown = String::from_utf8_lossy(&sent).into_owned();
        let (status, got) = post(&contract, "multipart/form-data; boundary=b", sent);
        assert_eq!(got, told, "{shown}");
        let expected = if told.is_empty() {
            204
        } else if told.starts_with("the body") {
            400
        } else {
            422
        };
        assert_eq!(status, expected, "{shown}");
    }
    assert_eq!(post(&contract, "multipart/form-data", "--b--").0, 400);
}

#[test]
fn parts_that_follow_each_other_are_held_to_the_encoding_of_their_place() {
    let document = "
openapi: 3.2.0
info: {title: T, version: '1'}
paths:
  /x:
    post:
      requestBody:
        content:
          multipart/mixed:
            schema:
              type: array
              minItems: 1
              prefixItems: [{type: object, required: [n], properties: {n: {type: integer}}}, {type: integer}]
              items: {}
            prefixEncoding: [{}, {contentType: text/plain}]
            itemEncoding: {contentType: image/*, headers: {X-Name: {required: true, schema: {type: string}}}}
      responses:
        '200':
          description: The same
          content:
            multipart/mixed:
              schema: {type: array, minItems: 2, maxItems: 2, prefixItems: [{const: {n: 1}}, {type: integer, const: 7}]}
              prefixEncoding: [{contentType: application/vnd.n+json}, {contentType: text/x}]
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let json = "Content-Type: application/json\r\n\r\n{\"n\":1}";
    let image = "Content-Type: image/png\r\nX-Name: a\r\n\r\nx";
    for (parts, told) in [
        (&[json, "\r\n7", image, image][..], ""),
        (&[json], ""),
        (
            &["\r\n{}", "\r\nx"],
            "body /0/n: is required; body /1: must be an integer, got the string \"x\"",
        ),
        (
            &[json, json],
            "body /1: must be text/plain, got application/json; body /1: must be an integer, got an object",
        ),
        (
            &[json, "\r\n7", "Content-Type: text/html\r\n\r\nx"],
            "body /2: must be image/*, got text/html; body /2: needs the header field X-Name in its part",
        ),
    ] {
        let body: String = parts
            .iter()
            .map(|part| format!("--b\r\n{part}\r\n"))
            .collect();
        let body = body + "--b--\r\n";
        assert_eq!(
            post(&contract, "multipart/mixed; boundary=b", body.clone()).1,
            told,
            "{body}"
        );
    }
    let sent = Request::new(Method::POST, "/x");
    let reply = contract.answer(sent).reply;
    let body = String::from_utf8_lossy(&reply.body);
    assert!(
        body.contains("Content-Type: application/vnd.n+json\r\n\r\n{\"n\":1}\r\n")
            && body.contains("Content-Type: text/x\r\n\r\n7\r\n"),
        "{body}"
    );
}

#[test]
fn an_element_of_no_namespace_is_told_from_one_of_its_name() {
    let contract = contract(
        "          application/xml: {schema: {type: object, xml: {name: o, namespace: 'urn:x'}}}",
    );
    let post = |body: &str| post(&contract, "application/xml", body);
    assert_eq!(post("<o xmlns='urn:x'/>").0, 204);
    let told = "the body has the root element <o> outside of urn:x";
    assert_eq!(post("<o/>"), (400, told.to_owned()));
}

#[test]
fn the_root_element_of_a_component_has_its_name() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    post:
      requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let post = |body: &str| post(&contract, "application/xml", body);
    assert_eq!(post("<Pet><name>x</name></Pet>").0, 204);
    for (body, told) in [
        (
            "<dog><name>x</name></dog>",
            "the body has the root element <dog>, not <Pet>",
        ),
        (
            "<Pet xmlns='urn:x'><name>x</name></Pet>",
            "the body has the root element <Pet> in urn:x, and none is documented",
        ),
    ] {
        assert_eq!(post(body), (400, told.to_owned()), "{body}");
    }
    // What has no name may be called anything.
    let contract = self::contract("          application/xml: {schema: {type: object}}");
    let sent = "<a xmlns='urn:x'/>";
    assert_eq!(self::post(&contract, "application/xml", sent).0, 204);
}

#[test]
fn what_has_the_name_of_an_element_in_xml_is_none_as_an_attribute() {
    let pet = "type: object, required: [name], xml: {name: pet}, properties: {name: {type: string},
                id: {type: integer, xml: {attribute: true}},
                tags: {type: array, xml: {wrapped: true, namespace: 'urn:t'}, items: {type: string, xml: {name: tag}}}}";
    let contract = contract(&format!(
        "          application/xml: {{schema: {{{pet}, additionalProperties: false}}}}
          text/xml: {{schema: {{{pet}}}}}"
    ));
    for (body, told) in [
        ("<pet id='1'><name>x</name></pet>", ""),
        (
            "<pet name='x'/>",
            "body /@name: is not a property that may be here; body /name: is required",
        ),
        (
            "<pet name='y'><name>x</name></pet>",
            "body /@name: is not a property that may be here",
        ),
        (
            "<pet><name>x</name><id>1</id></pet>",
            "body /<id>: is not a property that may be here",
        ),
        (
            "<pet xmlns:o='urn:o'><o:name>x</o:name></pet>",
            "body /<name>: is not a property that may be here; body /name: is required",
        ),
        (
            "<pet><name>x</name><tags xmlns='urn:t'><tag>a</tag></tags></pet>",
            "",
        ),
        (
            "<pet><name>x</name><t:tags xmlns:t='urn:t'><tag>a</tag></t:tags></pet>",
            "",
        ),
        (
            "<pet><name>x</name><tags><tag>a</tag></tags></pet>",
            "body /<tags>: is not a property that may be here",
        ),
        (
            "<pet><name>x</name><tags xmlns='urn:t'>a</tags></pet>",
            "body /tags: must be an array, got the string \"a\"",
        ),
    ] {
        assert_eq!(post(&contract, "application/xml", body).1, told, "{body}");
    }
    // Where others may be there, it is one of them, and not the property.
    assert_eq!(
        post(&contract, "text/xml", "<pet name='y'><name>x</name></pet>").0,
        204
    );
    assert_eq!(
        post(&contract, "text/xml", "<pet name='x'/>").1,
        "body /name: is required"
    );
}

#[test]
fn xml_is_judged_as_its_schema_writes_it() {
    let contract = contract(
        "          application/xml:
            schema:
              type: object
              required: [id, tags]
              properties:
                id: {type: integer, xml: {attribute: true}}
                tags: {type: array, minItems: 1, items: {type: string, maxLength: 2, xml: {name: tag}}, xml: {wrapped: true}}
                n: {type: array, items: {type: integer}}
              additionalProperties: false
              xml: {name: pet}",
    );
    for (body, told) in [
        (
            "<pet id='1'><tags><tag>a</tag></tags><n>1</n><n>2</n></pet>",
            "",
        ),
        (
            "<?xml version='1.0' encoding='UTF-8'?>\n<pet id='1'>\n<tags>\n<tag>a</tag>\n</tags>\n</pet>",
            "",
        ),
        (
            "<pet id='x'><tags><tag>abc</tag></tags></pet>",
            "body /id: must be an integer, got the string \"x\"; body /tags/0: takes at most 2 characters, got \"abc\"",
        ),
        (
            "<pet id='1'><tags/></pet>",
            "body /tags: needs at least 1 item, got an array of 0 items",
        ),
        ("<pet id='1'/>", "body /tags: is required"),
        (
            "<pet id='1'><tags><tag>a</tag></tags><x/></pet>",
            "body /x: is not a property that may be here",
        ),
        ("<dog/>", "the body has the root element <dog>, not <pet>"),
        ("<pet>", "the body is not XML: <pet> is never closed"),
        (
            "<!DOCTYPE pet><pet/>",
            "the body is not XML that is read: a document type is not read",
        ),
        (
            "<pet>&x;</pet>",
            "the body is not XML that is read: the entity `x` is not known",
        ),
    ] {
        assert_eq!(post(&contract, "application/xml", body).1, told, "{body}");
    }
}

#[test]
fn sequences_are_judged_item_by_item() {
    let contract = contract(
        "          application/x-ndjson: {itemSchema: {type: object, required: [a]}}
          application/jsonl: {schema: {type: array, maxItems: 1}}
          application/json-seq: {schema: {type: integer}}
          text/event-stream: {itemSchema: {properties: {data: {maxLength: 3}}}}",
    );
    for (media_type, body, told) in [
        ("application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", ""),
        (
            "application/x-ndjson",
            "{\"a\":1}\n{}\n",
            "body /1/a: is required",
        ),
        (
            "application/x-ndjson",
            "{\"a\":1}\n{",
            "the body has a fault in line 2, which is not JSON: it ends within an object at line 1 column 2",
        ),
        ("application/jsonl", "1", ""),
        (
            "application/jsonl",
            "1\n2",
            "body: takes at most 1 item, got an array of 2 items",
        ),
        ("application/json-seq", "\u{1e}1\n\u{1e}2\n", ""),
        (
            "application/json-seq",
            "\u{1e}1\n\u{1e}true\n",
            "body /1: must be an integer, got true",
        ),
        (
            "application/json-seq",
            "1\n",
            "the body doesn't start with a record separator, U+001E",
        ),
        ("text/event-stream", "data: abc\n\n", ""),
        (
            "text/event-stream",
            "data: abc\n\ndata: abcd\n\n",
            "body /1/data: takes at most 3 characters, got \"abcd\"",
        ),
    ] {
        assert_eq!(post(&contract, media_type, body).1, told, "{body}");
    }
}

#[test]
fn an_object_in_plain_text_is_json_and_a_table_may_have_no_names() {
    let contract = contract(
        "          text/plain: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}
          application/xml: {schema: {type: object, xml: {name: data}, additionalProperties: {type: string}}}
          text/csv: {schema: {type: array, items: {type: object, properties: {n: {type: integer}, s: {type: string}}}}}
          text/tab-separated-values: {schema: {type: array, items: {type: object, properties: {n: {type: integer}}}}}",
    );
    for (media_type, body, told) in [
        ("text/plain", "{\"a\":1}", ""),
        (
            "text/plain",
            "{\"a\":\"x\"}",
            "body /a: must be an integer, got the string \"x\"",
        ),
        (
            "text/plain",
            "zz",
            "body: must be an object, got the string \"zz\"",
        ),
        (
            "application/xml",
            "<data>true</data>",
            "body: must be an object, got the string \"true\"",
        ),
        ("application/xml", "<data><a>true</a></data>", ""),
        ("text/csv; header=absent", "1,x\n2,y\n", ""),
        (
            "text/csv; header=absent",
            "junk,x\n",
            "body /0/n: must be an integer, got the string \"junk\"",
        ),
        ("text/tab-separated-values", "n\tm\n1\t\"x\n", ""),
    ] {
        assert_eq!(post(&contract, media_type, body).1, told, "{body}");
    }
}

#[test]
fn texts_are_read_in_a_charset_that_is_documented_and_bytes_are_taken_as_they_are() {
    let contract = contract(
        "          text/plain: {schema: {type: string, maxLength: 1}}
          text/csv; charset=iso-8859-1: {schema: {const: é}}
          text/html; charset=utf-16: {schema: {type: string, maxLength: 1}}
          application/json: {schema: {const: é}}
          application/octet-stream: {schema: {type: string, maxLength: 1}}",
    );
    for (media_type, body, status) in [
        ("text/plain", &b"\xc3\xa9"[..], 204),
        ("text/plain", b"ab", 422),
        ("text/plain", b"\xff", 400),
        ("text/plain; charset=\"UTF-8\"", b"\xc3\xa9", 204),
        ("text/plain; charset=us-ascii", b"a", 204),
        ("text/plain; charset=us-ascii", b"\xc3\xa9", 400),
        ("text/plain; charset=ISO-8859-1", b"\xe9", 415),
        ("text/plain; charset=utf-16", b"\xff\xfe\xe9\0", 415),
        ("text/csv; charset=ISO-8859-1", b"\xe9", 204),
        ("text/csv; charset=utf-8", b"\xc3\xa9", 415),
        ("text/html; charset=utf-16", b"\xff\xfe\xe9\0", 204),
        ("text/plain; charset=koi8-r", b"a", 415),
        ("application/json", "\"é\"".as_bytes(), 204),
        ("application/json; charset=iso-8859-1", b"\"\xe9\"", 415),
        ("application/octet-stream", b"\xff\0\xff", 204),
    ] {
        assert_eq!(
            post(&contract, media_type, body).0,
            status,
            "{media_type} {body:?}"
        );
    }
}

#[test]
fn coded_bodies_are_inflated_within_bounds() {
    let contract = contract("          application/json: {schema: {type: object, required: [a]}}");
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let send = |coding: &str, body: Vec<u8>| {
        let request = Request::new(Method::POST, "/x")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_header(header::CONTENT_ENCODING, coding);
        contract.answer(request.with_body(body)).reply
    };
    assert_eq!(send("gzip", gzip(b"{\"a\":1}")).status, 204);
    assert_eq!(send("gzip, gzip", gzip(&gzip(b"{\"a\":1}"))).status, 204);
    assert_eq!(send("gzip", gzip(b"{}")).status, 422);
    assert_eq!(send("gzip", b"{}".to_vec()).status, 400);
    assert_eq!(send("gzip", gzip(&vec![b' '; 20 << 20])).status, 413);
    let reply = send("zstd", b"{}".to_vec());
    assert_eq!(reply.status, 415);
    assert_eq!(
        reply.header(&header::ACCEPT_ENCODING),
        Some("gzip, deflate, br")
    );
}

#[test]
fn fields_of_a_pattern_have_its_type() {
    let contract = contract(
        "          application/x-www-form-urlencoded: &form
            schema:
              type: object
              patternProperties: {'^x-': {type: integer}}
              additionalProperties: false
          multipart/form-data: *form",
    );
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post(&contract, form, "x-a=1").0, 204);
    let told = "body /x-a: must be an integer, got the string \"b\"";
    assert_eq!(post(&contract, form, "x-a=b").1, told);
    let multipart = "multipart/form-data; boundary=b";
    assert_eq!(post(&contract, multipart, parts(&[("x-a", b"1")])).0, 204);
    assert_eq!(post(&contract, multipart, parts(&[("x-a", b"b")])).1, told);
}

#[test]
fn an_exploded_field_takes_the_names_of_its_patterns() {
    let contract = contract(
        "          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                o: {type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}
              additionalProperties: false
            encoding: {o: {style: form, explode: true}}",
    );
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post(&contract, form, "x-a=1&x-b=2").0, 204);
    assert_eq!(
        post(&contract, form, "x-a=b&y=1").1,
        "body /o/x-a: must be an integer, got the string \"b\"; \
         body /y: is not a property that may be here"
    );
}

#[test]
fn header_fields_of_parts_are_judged_by_their_schema() {
    let contract = contract(
        "          multipart/form-data:
            schema:
              type: object
              properties:
                file: {type: string, format: binary}
                files: {type: array, items: {type: string}}
            encoding:
              file:
                headers:
                  X-R: {schema: {type: integer}}
                  X-List: {schema: {type: array, items: {type: integer}}}
                  X-Point: {explode: true, schema: {type: object, properties: {x: {type: integer}}}}
              files: {headers: {X-R: {schema: {type: integer}}}}",
    );
    for (fields, told) in [
        ("file", ""),
        (
            "file\r\nX-R: 1\r\nX-List: 1, 2\r\nX-Point: x=1\r\nX-Other: z",
            "",
        ),
        (
            "file\r\nX-R: z",
            "body /file: has the header field X-R, which must be an integer, got the string \"z\"",
        ),
        (
            "file\r\nX-List: 1,z",
            "body /file: has the header field X-List, which must be an integer, got the string \"z\"",
        ),
        (
            "file\r\nX-Point: x=1,x=2",
            "body /file: has the header field X-Point, which can't be read: names the property `x` twice",
        ),
        (
            "files\r\nX-R: z",
            "body /files/0: has the header field X-R, which must be an integer, got the string \"z\"",
        ),
    ] {
        let sent = parts(&[(fields, b"a")]);
        let (status, got) = post(&contract, "multipart/form-data; boundary=b", sent);
        assert_eq!(got, told, "{fields}");
        assert_eq!(status, if told.is_empty() { 204 } else { 422 }, "{fields}");
    }
    let request = Request::new(Method::POST, "/x")
        .with_header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .with_body(parts(&[("file\r\nX-R: z", b"a")]));
    assert_eq!(contract.answer(request).violations[0].rule, "type");
}

#[test]
fn a_header_field_of_a_part_whose_schema_is_broken_is_told_of_at_the_start() {
    let broken = |media_type: &str| {
        let content = format!(
            "          {media_type}:
            schema: {{type: object, properties: {{a: {{type: string}}}}}}
            encoding: {{a: {{headers: {{X-R: {{schema: {{type: string, pattern: '('}}}}}}}}}}"
        );
        contract(&content)
    };
    let multipart = broken("multipart/form-data");
    assert_eq!(multipart.warnings().len(), 1);
    let sent = parts(&[("a\r\nX-R: z", b"a")]);
    assert_eq!(
        post(&multipart, "multipart/form-data; boundary=b", sent).0,
        501
    );
    // No part of this has header fields.
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post(&broken(form), form, "a=b").0, 204);
}

#[test]
fn a_name_in_xml_replaces_that_of_the_property() {
    let contract = contract(
        "          application/xml:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string, xml: {name: nm}}
                kind: {type: string, xml: {name: k, attribute: true}}
                dogs: {type: array, items: {type: string, xml: {name: dog}}}
              xml: {name: pet}
          text/xml:
            schema:
              type: object
              properties: {name: {type: string, xml: {name: nm}}}
              additionalProperties: false",
    );
    for (body, told) in [
        ("<pet k='a'><nm>x</nm><dog>y</dog></pet>", ""),
        ("<pet><name>x</name></pet>", "body /name: is required"),
        ("<pet name='x'/>", "body /name: is required"),
        ("<pet kind='a'><nm>x</nm><name>y</name></pet>", ""),
    ] {
        assert_eq!(post(&contract, "application/xml", body).1, told, "{body}");
    }
    assert_eq!(
        post(&contract, "text/xml", "<pet><name>x</name></pet>").1,
        "body /<name>: is not a property that may be here"
    );
}

#[test]
fn a_byte_order_mark_before_json_says_nothing() {
    let contract = contract("          application/json: {schema: {type: object}}");
    for media_type in ["application/json", "application/json; charset=utf-8"] {
        assert_eq!(post(&contract, media_type, "\u{feff}{}").0, 204);
        assert_eq!(post(&contract, media_type, "\u{feff}\u{feff}{}").0, 400);
        assert_eq!(post(&contract, media_type, "{}\u{feff}").0, 400);
    }
}
