//! Which reply an operation gives, under which media type, and with which header fields.

use crate::process::Folder;
use counterpart::contract::{Contract, Loading};
use counterpart::exchange::Exchange;
use counterpart::host::Host;
use counterpart::wire::{HeaderName, Method, Reply, Request};
use serde_json::{Value, json};

/// A contract with `GET /a`, whose responses these are.
fn contract(responses: &str) -> Contract {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      responses: {responses}\n"
    );
    Contract::from_text("t.yaml", &text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn get(contract: &Contract, target: &str, fields: &[(&str, &str)]) -> Exchange {
    let mut request = Request::new(Method::GET, target);
    for (name, value) in fields {
        let name: HeaderName = name.parse().expect("a name");
        request = request.with_header(name, value);
    }
    contract.answer(request)
}

fn field<'r>(reply: &'r Reply, name: &str) -> &'r str {
    let value = reply
        .headers
        .get(name)
        .map(|value| value.to_str().expect("ASCII"));
    value.unwrap_or("")
}

/// The status and the body, as sent.
fn sent(contract: &Contract, target: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let exchange = get(contract, target, fields);
    let breaches = &exchange.reply_violations;
    assert!(breaches.is_empty(), "{:?}: {breaches:?}", exchange.reply);
    let body = String::from_utf8_lossy(&exchange.reply.body).into_owned();
    (exchange.reply.status.as_u16(), body)
}

#[test]
fn without_a_wish_an_object_is_sent_as_what_has_a_form_for_it() {
    let object = "{type: object, properties: {a: {const: 1}}}";
    let both = contract(&format!(
        "{{'200': {{description: A, content: {{text/plain: {{schema: {object}}}, application/json: {{schema: {object}}}, text/json: {{schema: {object}}}}}}}}}"
    ));
    for (accept, media_type) in [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/json"),
        ("text/plain, application/json", "text/plain"),
    ] {
        let fields: &[(&str, &str)] = &[("accept", accept)][usize::from(accept.is_empty())..];
        let reply = get(&both, "/a", fields).reply;
        assert_eq!(field(&reply, "content-type"), media_type, "{accept}");
    }
    let text = "{text/plain: {schema: {type: string}}, application/json: {schema: {type: string}}}";
    let text = contract(&format!("{{'200': {{description: A, content: {text}}}}}"));
    let reply = get(&text, "/a", &[]).reply;
    assert_eq!(field(&reply, "content-type"), "text/plain", "a text has it");
}

#[test]
fn what_one_media_type_cannot_carry_is_sent_as_another() {
    let offers = "{application/x-www-form-urlencoded: {schema: {type: string, pattern: '^a$'}}, text/plain: {schema: {type: string, pattern: '^a$'}}}";
    let contract = contract(&format!("{{'200': {{description: A, content: {offers}}}}}"));
    assert_eq!(sent(&contract, "/a", &[]), (200, "a".to_owned()));
    let fields = [("accept", "application/x-www-form-urlencoded")];
    assert_eq!(sent(&contract, "/a", &fields).0, 500, "there is no other");
}

#[test]
fn success_is_the_lowest_2xx_then_any_then_the_default_then_the_first() {
    for (responses, status) in [
        (
            "{'404': {description: N}, '204': {description: A}, '201': {description: B}}",
            201,
        ),
        (
            "{default: {description: D}, 2XX: {description: A}, '404': {description: N}}",
            200,
        ),
        ("{'404': {description: N}, default: {description: D}}", 200),
        ("{'302': {description: F}, '404': {description: N}}", 302),
        ("{5XX: {description: E}, '404': {description: N}}", 500),
    ] {
        assert_eq!(
            sent(&contract(responses), "/a", &[]).0,
            status,
            "{responses}"
        );
    }
}

#[test]
fn a_preference_chooses_status_and_example_in_header_or_query() {
    let contract = contract(
        "{'200': {description: A, content: {application/json: {examples: {cat: {value: 1}, dog: {value: 2}}}}},
          '404': {description: N, headers: {X-Reason: {schema: {const: gone}}},
                  content: {application/json: {example: {no: 1}}}},
          5XX: {description: E, content: {application/json: {example: {oh: 1}}}}}",
    );
    for (prefer, query, status, body) in [
        ("code=404", "__code=404", 404, r#"{"no":1}"#),
        ("code=503", "__code=503", 503, r#"{"oh":1}"#),
        ("example=dog", "__example=dog", 200, "2"),
        (
            "code=200, example=cat",
            "__code=200&__example=cat",
            200,
            "1",
        ),
    ] {
        let expected = (status, body.to_owned());
        assert_eq!(
            sent(&contract, "/a", &[("prefer", prefer)]),
            expected,
            "{prefer}"
        );
        assert_eq!(
            sent(&contract, &format!("/a?{query}"), &[]),
            expected,
            "{query}"
        );
        let exchange = get(&contract, "/a", &[("prefer", prefer)]);
        assert_eq!(field(&exchange.reply, "preference-applied"), prefer);
    }
    let refused = get(&contract, "/a?__code=404", &[]);
    assert_eq!(field(&refused.reply, "x-reason"), "gone");
}

#[test]
fn a_preference_that_cant_be_met_is_a_clear_400() {
    let contract = contract("{'200': {description: A, content: {application/json: {example: 1}}}}");
    for (prefer, told) in [
        ("code=404", "code=404 is not documented; 200 are"),
        (
            "code=abc",
            "code=abc is no status to answer with: 200 to 599 are",
        ),
        (
            "code=0200",
            "code=0200 is no status to answer with: 200 to 599 are",
        ),
        ("code=", "code= is no status to answer with: 200 to 599 are"),
        (
            "example=x",
            "example=x: the 200 of this operation has no named examples",
        ),
        ("example=", "example= names no example"),
        ("dynamic=maybe", "dynamic=maybe is neither true nor false"),
    ] {
        let (status, body) = sent(&contract, "/a", &[("prefer", prefer)]);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            (status, body["detail"].as_str()),
            (400, Some(told)),
            "{prefer}"
        );
    }
}

#[test]
fn accept_decides_by_quality_then_the_clients_order_then_the_documents() {
    let contract = contract(
        "{'200': {description: A, content: {application/xml: {example: <a/>}, application/vnd.x+json: {example: 1},
          text/csv: {example: 'a'}}}}",
    );
    for (accept, body) in [
        ("", "<a/>"),
        ("*/*", "<a/>"),
        ("text/*", "a"),
        ("text/csv;q=0.1, application/xml;q=0.2", "<a/>"),
        ("text/csv, application/xml", "a"),
        ("application/json", "1"),
        ("*/*;q=0.1, application/vnd.x+json", "1"),
        ("garbage", "<a/>"),
    ] {
        assert_eq!(
            sent(&contract, "/a", &[("accept", accept)]).1,
            body,
            "{accept}"
        );
    }
    let both = [("accept", "text/html"), ("accept", "text/csv")];
    assert_eq!(
        sent(&contract, "/a", &both).1,
        "a",
        "two fields are one list"
    );
    let (status, body) = sent(&contract, "/a", &[("accept", "image/png")]);
    assert_eq!(status, 406);
    for offered in ["application/xml", "application/vnd.x+json", "text/csv"] {
        assert!(body.contains(offered), "{body}");
    }
}

#[test]
fn a_required_field_that_cant_be_sent_is_an_error_before_anything_is_done() {
    for (schema, why) in [
        (
            r#"{type: string, const: "Zürich\n"}"#,
            r#"no header field can carry its value "Zürich\n""#,
        ),
        (
            "{type: string, minLength: 2, maxLength: 1}",
            "no valid value of it was found",
        ),
    ] {
        let headers = format!("headers: {{X-Town: {{required: true, schema: {schema}}}}}");
        let responses = format!("{{'200': {{description: A, {headers}}}}}");
        let exchange = get(&contract(&responses), "/a", &[]);
        assert_eq!(exchange.reply.status, 500);
        let said = format!("the required header field X-Town of its response can't be sent: {why}");
        assert_eq!(exchange.refusal.as_deref(), Some(&*said));

        let item = "{type: object, required: [id], properties: {id: {type: integer}}}";
        let body = format!("content: {{application/json: {{schema: {item}}}}}");
        let list =
            format!("content: {{application/json: {{schema: {{type: array, items: {item}}}}}}}");
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  \
             /towns:\n    get: {{responses: {{'200': {{description: A, {list}}}}}}}\n    \
             post: {{requestBody: {{{body}}}, responses: {{'201': {{description: A, {headers}, {body}}}}}}}\n  \
             /towns/{{id}}:\n    get: {{parameters: [{{name: id, in: path, required: true, \
             schema: {{type: integer}}}}], responses: {{'200': {{description: A, {body}}}}}}}\n"
        );
        let contract =
            Contract::from_text("t.yaml", &text).unwrap_or_else(|errors| panic!("{errors}"));
        let before = sent(&contract, "/towns", &[]);
        let post = Request::new(Method::POST, "/towns")
            .with_header("content-type".parse().expect("a name"), "application/json")
            .with_body(r#"{"id": 77}"#);
        assert_eq!(contract.answer(post).reply.status, 500);
        assert_eq!(sent(&contract, "/towns", &[]), before);
    }
}

#[test]
fn a_challenge_is_the_one_that_is_documented_where_no_other_will_do() {
    for (schema, sent) in [
        (
            r#"{type: string, enum: ['Basic realm="doc"']}"#,
            r#"Basic realm="doc""#,
        ),
        ("{type: string}", r#"Basic realm="T", charset="UTF-8""#),
        // Nothing passes: better a challenge that is none of the document's than no challenge.
        (
            "{type: string, minLength: 3, maxLength: 1}",
            r#"Basic realm="T", charset="UTF-8""#,
        ),
    ] {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      \
             security: [{{b: []}}]\n      responses:\n        '200': {{description: A}}\n        \
             '401': {{description: B, headers: {{WWW-Authenticate: {{required: true, schema: {schema}}}}}}}\n\
             components: {{securitySchemes: {{b: {{type: http, scheme: basic}}}}}}\n"
        );
        let contract = Contract::from_text("t.yaml", &text).unwrap_or_else(|e| panic!("{e}"));
        let reply = get(&contract, "/a", &[]).reply;
        assert_eq!(
            (reply.status.as_u16(), field(&reply, "www-authenticate")),
            (401, sent)
        );
    }
}

#[test]
fn what_a_put_makes_is_located_where_it_was_put() {
    let item = "{type: object, required: [id], properties: {id: {type: string}}}";
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: /v1}}]\npaths:\n  \
         /notes/{{id}}:\n    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n    \
         get: {{responses: {{'200': {{description: A, content: {{application/json: {{schema: {item}}}}}}}}}}}\n    \
         put: {{requestBody: {{content: {{application/json: {{schema: {item}}}}}}}, responses: {{'201': {{description: B, headers: {{Location: {{schema: {{type: string}}}}}}}}}}}}\n"
    );
    let contract = Contract::from_text("t.yaml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    for (path, id) in [("/notes/x", "x"), ("/v1/notes/y%20z", "y z")] {
        let put = Request::new(Method::PUT, path)
            .with_header("content-type".parse().expect("a name"), "application/json")
            .with_body(json!({"id": id}).to_string());
        let reply = contract.answer(put).reply;
        assert_eq!(reply.status, 201);
        let location = field(&reply, "location");
        assert_eq!(
            get(&contract, location, &[]).reply.status,
            200,
            "{location}"
        );
        let shown: Value =
            serde_json::from_slice(&get(&contract, location, &[]).reply.body).expect("JSON");
        assert_eq!(shown, json!({"id": id}));
    }
}

#[test]
fn an_unknown_example_is_told_beside_all_that_there_are() {
    let contract = contract(
        "{'200': {description: A, content: {application/json: {examples: {a: {value: 1}, b: {value: 2}}}, \
         text/plain: {examples: {b: {value: two}, c: {value: three}}}}}}",
    );
    let (status, body) = sent(&contract, "/a", &[("prefer", "example=d")]);
    assert_eq!(status, 400);
    assert!(body.contains("a, b, c are"), "{body}");
}

#[test]
fn a_type_that_the_client_excludes_is_told_as_such() {
    let one = contract("{'200': {description: A, content: {application/json: {example: {}}}}}");
    let both = contract(
        "{'200': {description: A, content: {application/json: {example: {}}, text/csv: {example: a}}}}",
    );
    let excluded = "the reply comes as application/json, which Accept excludes";
    for (contract, accept, told) in [
        (&one, "application/json;q=0", format!("\"{excluded}\"")),
        (&one, "*/*;q=0", format!("\"{excluded}\"")),
        (
            &one,
            "image/png",
            "\"the reply comes as application/json\"".to_owned(),
        ),
        (
            &both,
            "image/png, application/json;q=0",
            format!("\"{excluded}; text/csv\""),
        ),
    ] {
        let (status, body) = sent(contract, "/a", &[("accept", accept)]);
        assert_eq!(status, 406, "{accept}");
        assert!(body.contains(&told), "{accept}: {body}");
    }
}

#[test]
fn where_nothing_final_is_documented_success_is_as_where_nothing_is() {
    for responses in ["{'1XX': {description: A}}", "{'101': {description: A}}"] {
        assert_eq!(sent(&contract(responses), "/a", &[]), (200, String::new()));
    }
}

#[test]
fn what_an_attribute_of_xml_cannot_say_is_left_out() {
    let pet = |required: &str| {
        format!(
            "{{'200': {{description: A, content: {{application/xml: {{schema: {{type: object, xml: {{name: pet}}, required: [{required}],
              properties: {{id: {{type: integer, example: 7, xml: {{attribute: true}}}},
                owner: {{type: object, properties: {{name: {{type: string}}}}, required: [name], xml: {{attribute: true}}}},
                tags: {{type: array, minItems: 1, items: {{type: string}}, xml: {{attribute: true}}}}}}}}}}}}}}}}"
        )
    };
    let ask = |required| sent(&contract(&pet(required)), "/a", &[]);
    let (status, body) = ask("id");
    assert_eq!(status, 200, "{body}");
    assert!(body.ends_with("<pet id=\"7\"/>\n"), "{body}");
    // What must be there can't be.
    let (status, body) = ask("owner");
    assert_eq!(status, 500);
    assert!(body.contains("application/xml can carry"), "{body}");
}

#[test]
fn a_body_is_written_as_its_media_type_asks() {
    let schema = "{type: object, xml: {name: pet}, required: [id, tags], properties: {
        id: {type: integer, example: 7, xml: {attribute: true}},
        tags: {type: array, items: {type: string, example: a}, minItems: 2, maxItems: 2}}}";
    let rows = format!("{{type: array, minItems: 1, maxItems: 1, items: {schema}}}");
    for (media_type, schema, body) in [
        ("application/json", schema, r#"{"id":7,"tags":["a","a"]}"#),
        (
            "application/xml",
            schema,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pet id=\"7\"><tags>a</tags><tags>a</tags></pet>\n",
        ),
        (
            "application/x-www-form-urlencoded",
            schema,
            "id=7&tags=a&tags=a",
        ),
        (
            "application/x-ndjson",
            &rows,
            "{\"id\":7,\"tags\":[\"a\",\"a\"]}\n",
        ),
        ("text/plain", "{type: string, example: hello}", "hello"),
        (
            "text/event-stream",
            &rows,
            "data: {\"id\":7,\"tags\":[\"a\",\"a\"]}\n\n",
        ),
        (
            "text/event-stream",
            "{type: array, minItems: 1, maxItems: 1, items: {type: object, required: [data], additionalProperties: false,
              properties: {data: {type: string, contentMediaType: application/json, contentSchema: {
                type: object, required: [id], properties: {id: {const: 7}}}}}}}",
            "data: {\"id\":7}\n\n",
        ),
        (
            "text/tab-separated-values",
            &rows,
            "id\ttags\r\n7\t[\"a\",\"a\"]\r\n",
        ),
    ] {
        let contract = contract(&format!(
            "{{'200': {{description: A, content: {{{media_type}: {{schema: {schema}}}}}}}}}"
        ));
        let exchange = get(&contract, "/a", &[]);
        assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
        assert!(field(&exchange.reply, "content-type").starts_with(media_type));
        assert_eq!(
            String::from_utf8_lossy(&exchange.reply.body),
            body,
            "{media_type}"
        );
    }
}

#[test]
fn images_are_files_of_the_type_that_the_client_names() {
    let contract = contract(
        "{'200': {description: A, content: {image/*: {schema: {type: string, format: binary}}}}}",
    );
    let exchange = get(&contract, "/a", &[("accept", "image/gif")]);
    assert_eq!(field(&exchange.reply, "content-type"), "image/gif");
    assert!(exchange.reply.body.starts_with(b"GIF8"));
    let exchange = get(&contract, "/a", &[]);
    assert_eq!(field(&exchange.reply, "content-type"), "image/png");
    assert!(exchange.reply.body.starts_with(b"\x89PNG"));
}

#[test]
fn what_a_media_type_cant_carry_gives_way_to_what_it_can() {
    for (media_type, schema, body) in [
        (
            "application/xml",
            "{enum: [\"a\\u0001\", b]}",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root>b</root>\n",
        ),
        ("text/plain; charset=iso-8859-1", "{enum: [漢, b]}", "b"),
        (
            "text/event-stream",
            "{type: object, required: [id], properties: {id: {enum: [\"a\\nb\", c]}}, additionalProperties: false}",
            "id: c\n\n",
        ),
    ] {
        let contract = contract(&format!(
            "{{'200': {{description: A, content: {{{media_type:?}: {{schema: {schema}}}}}}}}}"
        ));
        assert_eq!(sent(&contract, "/a", &[]), (200, body.to_owned()));
    }
    let never = contract(
        "{'200': {description: A, content: {application/xml: {schema: {const: \"a\\u0001\"}}}}}",
    );
    let (status, body) = sent(&never, "/a", &[]);
    assert_eq!(status, 500);
    assert!(
        body.contains("that application/xml can carry: what is read from it must be"),
        "{body}"
    );
}

#[test]
fn what_a_field_cant_carry_gives_way_to_what_it_can() {
    let contract = contract(
        "{'200': {description: A, headers: {
            X-Break: {required: true, schema: {enum: [\"a\\r\\nb: c\", ok]}},
            X-List: {required: true, schema: {type: array, minItems: 2, maxItems: 2, items: {enum: ['a,b', c]}}}}}}",
    );
    let reply = get(&contract, "/a", &[]).reply;
    assert_eq!(field(&reply, "x-break"), "ok");
    assert_eq!(field(&reply, "x-list"), "c,c");
}

#[test]
fn cookies_in_a_list_are_cookies_and_a_file_is_named_for_its_type() {
    let contract = contract(
        "{'200': {description: A, headers: {
            Set-Cookie: {schema: {type: array, minItems: 1, items: {type: string}}},
            Content-Disposition: {schema: {type: string}}},
          content: {application/pdf: {schema: {type: string, format: binary}}}}}",
    );
    let reply = get(&contract, "/a", &[]).reply;
    let cookie = field(&reply, "set-cookie");
    assert_eq!(cookie, "id=d2f5a8c1; Path=/; HttpOnly");
    let disposition = field(&reply, "content-disposition");
    assert_eq!(disposition, "attachment; filename=\"file.pdf\"");
}

#[test]
fn each_body_has_a_tag_of_its_own_and_who_has_it_is_not_sent_it_again() {
    let document =
        "{'200': {description: A, headers: {ETag: {required: true, schema: {type: string}}},
        content: {application/json: {examples: {one: {value: 1}, two: {value: 2}}}}}}";
    let contract = contract(document);
    let tag = |wish: &[(&str, &str)]| {
        let reply = get(&contract, "/a", wish).reply;
        (reply.status.as_u16(), field(&reply, "etag").to_owned())
    };
    let (_, one) = tag(&[]);
    let (_, two) = tag(&[("prefer", "example=two")]);
    assert_ne!(one, two);
    assert_eq!(tag(&[]), (200, one.clone()));
    assert_eq!(tag(&[("if-none-match", &one)]), (304, one.clone()));
    assert_eq!(tag(&[("if-none-match", &two)]), (200, one));
    // One that is written out is as good.
    let written = contract_of_tag("example: '\"v1\"'");
    let reply = get(&written, "/a", &[("if-none-match", "W/\"v1\"")]).reply;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (304, 0));
}

#[test]
fn who_has_a_reply_since_its_date_is_not_sent_it_again() {
    let contract = contract(
        "{'200': {description: A, headers: {Last-Modified: {required: true, schema: {type: string},
        example: 'Mon, 15 Jan 2024 09:00:00 GMT'}}, content: {application/json: {example: 1}}}}",
    );
    let since = |date: &str| {
        let reply = get(&contract, "/a", &[("if-modified-since", date)]).reply;
        (reply.status.as_u16(), reply.body.len())
    };
    assert_eq!(since("Mon, 15 Jan 2024 09:00:00 GMT"), (304, 0));
    assert_eq!(since("Mon, 15 Jan 2024 08:59:59 GMT"), (200, 1));
    assert_eq!(since("yesterday"), (200, 1));
    // A tag that isn't there is no one's, and goes before the date (RFC 9110 §13.1.3).
    let both = [
        ("if-none-match", "\"a\""),
        ("if-modified-since", "Mon, 15 Jan 2024 09:00:00 GMT"),
    ];
    assert_eq!(get(&contract, "/a", &both).reply.status.as_u16(), 200);
}

#[test]
fn a_status_that_is_asked_for_says_what_it_has_to() {
    let contract =
        contract("{'200': {description: A}, '405': {description: B}, '407': {description: C}}");
    let reply = get(&contract, "/a", &[("prefer", "code=405")]).reply;
    assert_eq!(field(&reply, "allow"), "OPTIONS");
    let reply = get(&contract, "/a", &[("prefer", "code=407")]).reply;
    assert_eq!(field(&reply, "proxy-authenticate"), "Basic realm=\"proxy\"");
}

#[test]
fn a_status_says_what_it_has_to_where_the_document_has_nothing_to_say_it_of() {
    let says = |responses: &str, code: &str, name: &str| {
        let responses = format!("{{'200': {{description: A}}, {responses}}}");
        let reply = get(&contract(&responses), "/a", &[("prefer", code)]).reply;
        field(&reply, name).to_owned()
    };
    let refused = "'401': {description: B}, '426': {description: C}";
    assert_eq!(says(refused, "code=401", "www-authenticate"), "Bearer");
    assert_eq!(says(refused, "code=426", "upgrade"), "HTTP/2.0");
    assert_eq!(says(refused, "code=426", "connection"), "Upgrade");
    let documented = "'401': {description: B, headers: {WWW-Authenticate: {schema: {type: string}, example: Passkey}}}";
    assert_eq!(says(documented, "code=401", "www-authenticate"), "Passkey");
}

fn contract_of_tag(says: &str) -> Contract {
    contract(&format!(
        "{{'200': {{description: A, headers: {{ETag: {{schema: {{type: string}}, {says}}}}},
           content: {{application/json: {{example: 1}}}}}}}}"
    ))
}

#[test]
fn an_example_that_is_named_is_drawn_from_nothing() {
    let contract = contract(
        "{'200': {description: A, content: {application/json: {examples: {one: {value: 1}}}}}}",
    );
    let wish = [("prefer", "dynamic=true, example=one, seed=x")];
    let reply = get(&contract, "/a", &wish).reply;
    assert_eq!(field(&reply, "preference-applied"), "example=one");
}

#[test]
fn a_table_has_tabs_or_no_names_where_its_media_type_says_so() {
    let row = "{type: array, minItems: 1, maxItems: 1, items: {type: object, required: [a, b], properties: {
        a: {enum: [\"x\\ty\", x]}, b: {const: '\"y\"'}}}}";
    for (media_type, body) in [
        ("text/tab-separated-values", "a\tb\r\nx\t\"y\"\r\n"),
        ("text/csv; header=absent", "x,\"\"\"y\"\"\"\r\n"),
    ] {
        let contract = contract(&format!(
            "{{'200': {{description: A, content: {{{media_type:?}: {{schema: {row}}}}}}}}}"
        ));
        let (status, sent) = sent(&contract, "/a", &[]);
        let sent = sent.replace("x\ty", "x");
        assert_eq!((status, sent.as_str()), (200, body));
    }
}

#[test]
fn a_failure_of_the_mock_is_the_documented_one_where_there_is_any() {
    let contract = contract(
        "{'200': {description: A, content: {application/json: {schema: {type: integer, minimum: 2, maximum: 1}}}},
          '503': {description: B, content: {application/json: {example: {oops: true}}}}}",
    );
    let (status, _) = sent(&contract, "/a", &[]);
    assert_eq!(status, 503);
}

#[test]
fn a_preference_that_cant_be_read_is_a_clear_400() {
    let contract = contract("{'200': {description: A, content: {application/json: {example: 1}}}}");
    for wish in [
        "seed*=garbage",
        "seed*=UTF-8''%zz",
        "seed=\"x",
        "example=\"",
    ] {
        let (status, body) = sent(&contract, "/a", &[("prefer", wish)]);
        assert_eq!(status, 400, "{wish}");
        assert!(body.contains("can't be read"), "{wish}: {body}");
    }
    let (status, _) = sent(&contract, "/a", &[("prefer", "else=\"x")]);
    assert_eq!(status, 200);
}

#[test]
fn a_drawn_error_says_its_own_status() {
    let contract = contract(
        "{'404': {description: N, content: {application/problem+json: {schema: {type: object, required: [type, title, status, trace], properties: {
            type: {type: string}, title: {type: string}, status: {type: integer}, trace: {type: string}}}}}}}",
    );
    for wish in ["__seed=1", "__dynamic=true", "__code=404&__seed=q"] {
        let (status, body) = sent(&contract, &format!("/a?{wish}"), &[]);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((status, &body["status"]), (404, &json!(404)), "{wish}");
        assert_eq!(body["title"], "Not Found", "{wish}");
        assert!(body["trace"].is_string(), "{wish}");
    }
}

#[test]
fn sounds_films_and_sheets_are_files_and_texts_of_their_type() {
    for (media_type, start) in [
        ("audio/mpeg", &b"\xff\xe3"[..]),
        ("video/mp4", b"\0\0\0 ftyp"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK",
        ),
        ("text/html", b"<!DOCTYPE html>"),
        ("text/calendar", b"BEGIN:VCALENDAR\r\n"),
        ("text/vtt", b"WEBVTT\n"),
    ] {
        let contract = contract(&format!(
            "{{'200': {{description: A, content: {{{media_type}: {{schema: {{type: string}}}}}}}}}}"
        ));
        let exchange = get(&contract, "/a", &[]);
        assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
        assert!(exchange.reply.body.starts_with(start), "{media_type}");
    }
    let narrow = contract(
        "{'200': {description: A, content: {text/html: {schema: {type: string, pattern: '^<b>[a-z]+</b>$'}}}}}",
    );
    let (_, body) = sent(&narrow, "/a", &[]);
    assert!(body.starts_with("<b>"), "{body}");
}

#[test]
fn documented_header_fields_have_values_in_their_style() {
    let contract = contract(
        "{'200': {description: A, headers: {
            X-Limit: {required: true, schema: {type: integer, minimum: 5, maximum: 5}},
            X-List: {schema: {type: array, items: {enum: [a]}, minItems: 2}},
            X-Object: {explode: true, schema: {type: object, required: [k], properties: {k: {const: v}}}},
            X-Said: {schema: {type: string}, example: as said},
            X-Absent: {schema: {type: array, items: {type: string}, maxItems: 0}},
            ETag: {schema: {type: string}},
            Content-Type: {schema: {const: no}},
            Content-Length: {schema: {const: 5}}}}}",
    );
    let exchange = get(&contract, "/a", &[]);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    let reply = &exchange.reply;
    assert_eq!(field(reply, "x-limit"), "5");
    assert_eq!(field(reply, "x-list"), "a,a");
    assert_eq!(field(reply, "x-object"), "k=v");
    assert_eq!(field(reply, "x-said"), "as said");
    assert!(
        field(reply, "etag").starts_with('"'),
        "an entity tag is quoted"
    );
    assert_eq!(field(reply, "content-type"), "");
    assert_eq!(field(reply, "content-length"), "");
}

#[test]
fn an_example_may_stand_in_a_file_below_the_folder() {
    let folder = Folder::of(&[
        ("outside.json", r#"{"id": 1}"#),
        ("specs/examples/pet.json", r#"{"id": 7}"#),
        (
            "specs/api.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          \
          description: A\n          content:\n            application/json:\n              examples:\n                \
          out: {externalValue: ../outside.json}\n                net: {externalValue: 'https://example.com/a.json'}\n                \
          pet: {externalValue: examples/pet.json}\n",
        ),
    ]);
    let contract = Contract::load(&folder.path().join("specs/api.yaml"), None);
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(sent(&contract, "/a", &[]), (200, r#"{"id":7}"#.to_owned()));
    let warnings: Vec<String> = contract
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        warnings
            .iter()
            .any(|w| w.contains("../outside.json` leads out of the document's folder")),
        "{warnings:?}"
    );
    assert!(
        warnings.iter().any(|w| w.contains("is on the network")),
        "{warnings:?}"
    );
}

#[test]
fn where_a_body_is_from_is_told_with_its_line() {
    let contract = contract(
        "\n        '200': {description: A, content: {application/json: {example: 1}}}\n        \
         '404': {description: N, content: {application/json: {schema: {type: integer}}}}",
    );
    let source =
        |target: &str| field(&get(&contract, target, &[]).reply, "counterpart-source").to_owned();
    assert_eq!(source("/a"), "example at t.yaml:7");
    assert_eq!(source("/a?__code=404"), "sample of t.yaml:8");
    assert_eq!(
        source("/a?__code=404&__seed=7"),
        "sample of t.yaml:8 by seed \"7\""
    );
}

#[test]
fn a_parameter_that_has_the_name_of_a_preference_is_the_documents() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      \
                parameters: [{name: __code, in: query, schema: {type: integer}}]\n      \
                responses: {'204': {description: A}, '404': {description: N}}\n";
    let contract = Contract::from_text("t.yaml", text).expect("a contract");
    assert_eq!(sent(&contract, "/a?__code=404", &[]).0, 204);
    assert_eq!(sent(&contract, "/a?__code=x", &[]).0, 422);
    assert_eq!(sent(&contract, "/a", &[("prefer", "code=404")]).0, 404);
}

#[test]
fn a_default_that_breaks_its_own_schema_refuses_no_request() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      \
                parameters: [{name: n, in: query, schema: {type: string, enum: [a], default: ''}}]\n      \
                responses: {'204': {description: A}}\n";
    let contract = Contract::from_text("t.yaml", text).expect("a contract");
    assert_eq!(sent(&contract, "/a", &[]).0, 204);
    assert_eq!(sent(&contract, "/a?n=b", &[]).0, 422);
}

#[test]
fn examples_of_swagger_2_are_sent_by_their_media_type() {
    let document = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {
        "produces": ["application/json", "text/plain"],
        "responses": {"200": {"description": "A", "examples": {"application/json": {"a": 1}, "text/plain": "a"}}},
    }}}});
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    assert_eq!(sent(&contract, "/a", &[]).1, r#"{"a":1}"#);
    assert_eq!(sent(&contract, "/a", &[("accept", "text/plain")]).1, "a");
}

#[test]
fn a_field_that_must_be_there_is_sent_though_its_only_value_leaves_ascii() {
    for (town, octets) in [
        ("Zürich", &b"Z\xfcrich"[..]),
        ("Zürich ☃", "Zürich ☃".as_bytes()),
    ] {
        let responses = |required: bool| {
            format!(
                "{{'200': {{description: A, headers: {{X-Town: {{required: {required}, \
                 schema: {{type: string, const: '{town}'}}}}}}}}}}"
            )
        };
        let exchange = get(&contract(&responses(true)), "/a", &[]);
        assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
        assert_eq!(exchange.reply.headers["x-town"].as_bytes(), octets);
        let exchange = get(&contract(&responses(false)), "/a", &[]);
        assert_eq!(exchange.reply.headers.get("x-town"), None, "{town}");
    }
}

#[test]
fn rotated_replies_show_every_variant_in_turn() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: A
          content:
            application/json:
              schema:
                type: object
                required: [id, kind, at]
                properties:
                  id: {type: string, readOnly: true}
                  kind: {enum: [new, old, gone]}
                  note: {type: [string, 'null']}
                  at: {oneOf: [{type: object, required: [x], properties: {x: {type: integer}}}, {type: string}]}
";
    let folder = Folder::of(&[("t.yaml", document)]);
    let loading = Loading {
        rotates: true,
        ..Loading::default()
    };
    let host = Host::load_with(&[folder.path().join("t.yaml")], &loading).expect("a host");
    let contract = host.apis()[0].contract();
    let mut bodies = Vec::new();
    for _ in 0..60 {
        let exchange = get(contract, "/a/mine", &[]);
        assert_eq!(exchange.reply.status.as_u16(), 200);
        let breaches = &exchange.reply_violations;
        assert!(breaches.is_empty(), "{:?}: {breaches:?}", exchange.reply);
        bodies.push(exchange.reply.body_json().expect("JSON"));
    }
    let all = |is_it: &dyn Fn(&Value) -> bool| bodies.iter().filter(|body| is_it(body)).count();
    for kind in ["new", "old", "gone"] {
        assert!(all(&|body| body["kind"] == kind) > 0, "{kind}: {bodies:?}");
    }
    assert!(all(&|body| body.get("note").is_none()) > 0, "{bodies:?}");
    assert!(
        all(&|body| body.get("note") == Some(&Value::Null)) > 0,
        "{bodies:?}"
    );
    assert!(all(&|body| body["at"].is_object()) > 0, "{bodies:?}");
    assert!(all(&|body| body["at"].is_string()) > 0, "{bodies:?}");
    assert!(all(&|body| body["id"] == "mine") > 30, "{bodies:?}");
    // The first is what is sent without.
    let plain = get(
        &Contract::from_text("t.yaml", document).expect("a contract"),
        "/a/mine",
        &[],
    );
    assert_eq!(Some(&bodies[0]), plain.reply.body_json().as_ref());
}

#[test]
fn fields_about_the_body_are_worked_out_from_it() {
    let text = "{schema: {type: string}}";
    let contract = contract(&format!(
        "{{'206': {{description: A, headers: {{Content-Digest: {text}, Repr-Digest: {text}, Digest: {text}, \
         Content-MD5: {text}, Content-Range: {text}, X-Content-Length: {{schema: {{type: integer}}}}}}, \
         content: {{text/plain: {{schema: {{const: hello}}}}}}}}, \
         '416': {{description: R, headers: {{Content-Range: {text}}}}}}}"
    ));
    let exchange = get(&contract, "/a", &[]);
    assert_eq!(&exchange.reply.body[..], b"hello");
    let digest = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    for (name, value) in [
        ("content-digest", format!("sha-256=:{digest}:")),
        ("repr-digest", format!("sha-256=:{digest}:")),
        ("digest", format!("sha-256={digest}")),
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg==".to_owned()),
        ("content-range", "bytes 0-4/5".to_owned()),
        ("x-content-length", "5".to_owned()),
    ] {
        assert_eq!(field(&exchange.reply, name), value, "{name}");
    }
    let refused = get(&contract, "/a", &[("prefer", "code=416")]);
    assert_eq!(field(&refused.reply, "content-range"), "bytes */0");
}

#[test]
fn no_more_of_a_limit_remains_than_there_is_and_cookies_have_names() {
    let number = "{schema: {type: integer}}";
    let contract = contract(&format!(
        "{{'200': {{description: A, headers: {{X-RateLimit-Limit: {number}, X-RateLimit-Remaining: {number}, \
         X-RateLimit-Used: {number}, Set-Cookie: {{schema: {{type: array, minItems: 2, items: {{type: string}}}}}}}}, \
         content: {{application/json: {{schema: {{const: 1}}}}}}}}}}"
    ));
    let exchange = get(&contract, "/a", &[]);
    let number = |name: &str| -> u64 { field(&exchange.reply, name).parse().expect(name) };
    let limit = number("x-ratelimit-limit");
    assert!(number("x-ratelimit-remaining") <= limit);
    let sum = number("x-ratelimit-remaining") + number("x-ratelimit-used");
    assert_eq!(sum, limit);
    let cookies = exchange.reply.headers.get_all("set-cookie");
    let cookies: Vec<&str> = cookies.iter().filter_map(|c| c.to_str().ok()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(
        cookies.iter().all(|cookie| cookie.contains('=')),
        "{cookies:?}"
    );
}

#[test]
fn a_total_in_a_field_is_the_one_in_the_body() {
    let contract = contract(
        "{'200': {description: A, headers: {X-Total-Count: {schema: {type: integer}}}, content: {application/json: \
         {schema: {type: object, required: [results, total], properties: {total: {type: integer}, \
         results: {type: array, minItems: 1, items: {type: string}}, page: {type: integer}}}}}}}",
    );
    let exchange = get(&contract, "/a", &[]);
    let body: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    assert_eq!(
        field(&exchange.reply, "x-total-count"),
        body["total"].to_string()
    );
}

#[test]
fn a_count_in_a_field_is_of_the_rows_that_are_so() {
    let contract = contract(
        "{'200': {description: A, headers: {X-Unread-Count: {schema: {type: integer}}, X-Retry-Count: {schema: {type: \
         integer}}}, content: {application/json: {schema: {type: array, minItems: 4, maxItems: 4, items: {type: object, \
         required: [id, read], properties: {id: {type: integer}, read: {type: boolean}}}}}}}}",
    );
    let exchange = get(&contract, "/a", &[]);
    let rows: Vec<Value> = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    let unread = rows.iter().filter(|row| row["read"] == false).count();
    assert_eq!(field(&exchange.reply, "x-unread-count"), unread.to_string());
    assert!(
        field(&exchange.reply, "x-retry-count")
            .parse::<u64>()
            .is_ok()
    );
}

#[test]
fn an_error_that_is_asked_for_says_what_the_client_said_and_has_an_entry_in_its_list() {
    let contract = Contract::from_text(
        "t.yaml",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /coupons/{couponId}:\n    post:\n      \
         parameters: [{name: couponId, in: path, required: true, schema: {type: string}}]\n      \
         requestBody: {content: {application/json: {schema: {type: object, properties: {sku: {type: string}, \
         status: {type: string}}}}}}\n      \
         responses:\n        '200': {description: A}\n        '404': {description: N, content: {application/json: \
         {schema: {type: object, required: [couponId, sku, status, errors], properties: {couponId: {type: string}, \
         sku: {type: string}, status: {type: integer}, errors: {type: array, items: {type: object, \
         required: [message], properties: {message: {type: string}, help: {type: string}}}}}}}}}\n",
    )
    .expect("a contract");
    let request = Request::new(Method::POST, "/coupons/spring-24")
        .with_header("prefer".parse().expect("a name"), "code=404")
        .with_header("content-type".parse().expect("a name"), "application/json")
        .with_body(r#"{"sku": "A-17", "status": "paid"}"#);
    let exchange = contract.answer(request);
    let body: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    assert_eq!(exchange.reply.status.as_u16(), 404);
    assert_eq!(body["couponId"], "spring-24");
    assert_eq!(body["sku"], "A-17");
    assert_eq!(body["status"], 404);
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["errors"][0]["message"], "Not Found");
}

#[test]
fn a_drawn_reply_to_what_is_made_leads_to_it() {
    let item = "{type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}";
    let contract = Contract::from_text(
        "t.yaml",
        &format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /pets:\n    post:\n      \
             requestBody: {{content: {{application/json: {{schema: {item}}}}}}}\n      \
             responses: {{'201': {{description: A, headers: {{Location: {{schema: {{type: string}}}}}}, \
             content: {{application/json: {{schema: {item}}}}}}}}}\n  /pets/{{id}}:\n    get:\n      \
             parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n      \
             responses: {{'200': {{description: A, content: {{application/json: {{schema: {item}}}}}}}}}\n"
        ),
    )
    .expect("a contract");
    let request = Request::new(Method::POST, "/pets")
        .with_header("prefer".parse().expect("a name"), "code=201, dynamic=true")
        .with_header("content-type".parse().expect("a name"), "application/json")
        .with_body(r#"{"id": "rex", "name": "Rex"}"#);
    let exchange = contract.answer(request);
    let body: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    let id = body["id"].as_str().expect("a key");
    assert_eq!(field(&exchange.reply, "location"), format!("/pets/{id}"));
}

#[test]
fn a_row_says_what_the_json_says_whose_example_is_wrong() {
    let contract = contract(
        "{'200': {description: A, content: {application/json: {schema: &pet {type: object, required: [id, name, age], \
         properties: {id: {type: integer}, name: {type: string}, age: {type: integer}}}, example: {id: 7, name: Ex}}, \
         text/csv: {schema: *pet, example: \"id,name\\n1,z\\n\"}}}}",
    );
    let (_, json) = sent(&contract, "/a", &[("accept", "application/json")]);
    let (_, csv) = sent(&contract, "/a", &[("accept", "text/csv")]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let row = format!("7,Ex,{}", json["age"]);
    assert_eq!(csv.lines().nth(1), Some(row.as_str()), "{json} {csv}");
}

/// A client knows its request again by them.
#[test]
fn a_field_that_both_sides_document_is_said_again() {
    let responses = "{'200': {description: A, headers: {X-Request-Id: {schema: {type: string}}, \
        X-Count: {schema: {type: integer, maximum: 9}}, X-Own: {schema: {type: string}, example: mine}, \
        Idempotent-Replayed: {schema: {type: boolean}}}}}";
    let parameters = ["X-Request-Id", "X-Count", "X-Own"]
        .map(|name| format!("{{name: {name}, in: header, schema: {{type: string}}}}"));
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      parameters: [{}]\n      responses: {responses}\n",
        parameters.join(", ")
    );
    let contract = Contract::from_text("t.yaml", &text).unwrap_or_else(|e| panic!("{e}"));
    let fields = [
        ("x-request-id", "abc-1"),
        ("x-count", "77"),
        ("x-own", "theirs"),
    ];
    let exchange = get(&contract, "/a", &fields);
    let reply = &exchange.reply;
    assert_eq!(field(reply, "x-request-id"), "abc-1");
    // What it may not say, or says by an example, stays as it is.
    assert_ne!(field(reply, "x-count"), "77");
    assert_eq!(field(reply, "x-own"), "mine");
    assert_eq!(field(reply, "idempotent-replayed"), "false");
    assert!(exchange.reply_violations.is_empty());
    assert_ne!(field(&get(&contract, "/a", &[]).reply, "x-request-id"), "");
}

#[test]
fn a_file_is_called_as_the_media_type_is_written_that_is_sent() {
    let contract = contract(
        "{'200': {description: A, headers: {Content-Disposition: {schema: {type: string}}}, \
         content: {image/png: {}, image/jpeg: {}, application/pdf: {}}}}",
    );
    for (accept, name) in [
        ("image/png", "png"),
        ("image/jpeg", "jpg"),
        ("application/pdf", "pdf"),
    ] {
        let reply = get(&contract, "/a", &[("accept", accept)]).reply;
        let told = field(&reply, "content-disposition");
        assert_eq!(told, format!("attachment; filename=\"file.{name}\""));
    }
    // What the schema says itself goes before.
    let said = self::contract(
        "{'200': {description: A, headers: {Content-Disposition: {schema: {type: string, example: 'attachment; filename=\"bill.pdf\"'}}}, \
         content: {application/pdf: {}}}}",
    );
    let reply = get(&said, "/a", &[]).reply;
    let told = field(&reply, "content-disposition");
    assert_eq!(told, "attachment; filename=\"bill.pdf\"");
}

/// Documents of 2.0 above all have them so.
#[test]
fn an_example_that_has_json_in_a_text_is_that_json() {
    let schema = "schema: {properties: {n: {type: integer}, t: {type: string}}}";
    let contract = contract(&format!(
        "{{'200': {{description: A, content: {{application/json: {{{schema}, example: '{{\"n\": 7, \"t\": \"x\"}}'}}, \
         application/xml: {{schema: {{xml: {{name: r}}, properties: {{n: {{type: integer}}, t: {{type: string}}}}}}, example: <other/>}}}}}}}}"
    ));
    let (status, body) = sent(&contract, "/a", &[]);
    assert_eq!((status, body.as_str()), (200, "{\"n\":7,\"t\":\"x\"}"));
    // An example whose root is another's isn't sent, and what JSON says is meant here too.
    let (status, body) = sent(&contract, "/a", &[("accept", "application/xml")]);
    assert_eq!(status, 200);
    assert!(body.contains("<r><n>7</n><t>x</t></r>"), "{body}");
    // A text is meant as one where the schema says so.
    let text = self::contract(
        "{'200': {description: A, content: {application/json: {schema: {type: string}, example: '[1]'}}}}",
    );
    assert_eq!(sent(&text, "/a", &[]).1, "\"[1]\"");
    // Where no schema says anything, it is the text that it is.
    let free =
        self::contract("{'200': {description: A, content: {application/json: {example: '{}'}}}}");
    assert_eq!(sent(&free, "/a", &[]).1, "\"{}\"");
}
