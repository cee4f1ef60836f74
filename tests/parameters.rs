//! Parameters of every style, as clients send them: which are taken, and what is said of others.

use counterpart::contract::Contract;
use counterpart::wire::{HeaderName, HeaderValue, Method, Request};

/// A contract whose one operation, `GET {path}`, has these parameters.
fn contract(path: &str, parameters: &str) -> Contract {
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  '{path}':\n    get:\n      \
         security: [{{}}, {{key: []}}]\n      parameters: [{parameters}]\n      \
         responses: {{'204': {{description: Done}}}}\n\
         components: {{securitySchemes: {{key: {{type: apiKey, in: query, name: api_key}}}}}}\n"
    );
    Contract::from_text("t.yaml", &document)
        .unwrap_or_else(|errors| panic!("{parameters}: {errors}"))
}

fn ask(contract: &Contract, target: &str, fields: &[(&str, &str)]) -> (u16, Vec<String>) {
    let mut request = Request::new(Method::GET, target);
    for (name, value) in fields {
        let name: HeaderName = name.parse().expect("a name");
        request = request.with_header(name, value);
    }
    let exchange = contract.answer(request);
    let told = exchange.violations.iter();
    let told = told.map(|violation| format!("{}: {}", violation.place, violation.detail));
    (exchange.reply.status.as_u16(), told.collect())
}

/// Each query against a parameter `f`, and what is told of it: nothing where it is right.
fn judge_queries(parameter: &str, cases: &[(&str, &str)]) {
    let contract = contract("/x", &format!("{{name: f, in: query, {parameter}}}"));
    for (query, told) in cases {
        let (status, violations) = ask(&contract, &format!("/x?{query}"), &[]);
        assert_eq!(violations.join("; "), *told, "{parameter} {query}");
        let expected = if told.is_empty() { 204 } else { 422 };
        assert_eq!(status, expected, "{parameter} {query}");
    }
}

const INTEGERS: &str = "schema: {type: array, items: {type: integer}}";
const POINT: &str =
    "schema: {type: object, properties: {x: {type: integer}}, additionalProperties: false}";

#[test]
fn scalars_of_a_query_are_one_value_of_their_type() {
    judge_queries(
        "schema: {type: integer, format: int64}",
        &[
            ("", ""),
            ("f=1", ""),
            ("f=-9223372036854775808", ""),
            ("f=9223372036854775807", ""),
            (
                "f=9223372036854775808",
                "query f: must fit into 64 bits, got 9223372036854775808",
            ),
            ("f=1.0", ""),
            ("f=1.5", "query f: must be an integer, got 1.5"),
            ("f=a", "query f: must be an integer, got the string \"a\""),
            (
                "f=%201",
                "query f: must be an integer, got the string \" 1\"",
            ),
            ("f=", "query f: must be an integer, got the string \"\""),
            ("f", "query f: must be an integer, got the string \"\""),
            ("f=1&f=1", "query f: is given 2 times, and takes one value"),
        ],
    );
    judge_queries(
        "schema: {type: [integer, 'null']}",
        &[("f=", ""), ("f=null", ""), ("f=1", "")],
    );
    judge_queries(
        "allowEmptyValue: true, schema: {type: boolean}",
        &[
            ("f", ""),
            ("f=", ""),
            ("f=true", ""),
            ("f=1", "query f: must be a boolean, got the string \"1\""),
        ],
    );
    judge_queries(
        "schema: {anyOf: [{type: integer, maximum: 9}, {type: string, enum: [all]}]}",
        &[
            ("f=9", ""),
            ("f=all", ""),
            ("f=some", "query f: must be all, got \"some\""),
        ],
    );
    judge_queries(
        "required: true, schema: {type: string, minLength: 1}",
        &[
            ("", "query f: is required, and isn't there"),
            ("f", "query f: needs at least 1 character, got \"\""),
        ],
    );
    judge_queries("schema: {const: a+b}", &[("f=a%2Bb", "")]);
    judge_queries(
        "allowReserved: true, schema: {const: 'a+b/c?d'}",
        &[("f=a+b/c?d", ""), ("f=a%2Bb%2Fc%3Fd", "")],
    );
}

#[test]
fn lists_of_a_query_are_written_as_their_style_says() {
    for (style, good, bad) in [
        ("style: form", "f=1&f=2", "f=1,2"),
        ("style: form, explode: false", "f=1,2", "f=1&f=2"),
        ("style: form, explode: false", "f=", "f=1%2C2,3"),
        ("style: form, explode: false", "f=1%2C2", "f=1%2Cx"),
        ("style: spaceDelimited", "f=1%202", "f=1,2"),
        ("style: spaceDelimited", "f=1+2", "f=1%202&f=3"),
        ("style: pipeDelimited", "f=1|2", "f=1,2"),
        ("style: pipeDelimited", "f=1%7C2", "f=1||2"),
        ("style: deepObject", "f[]=1&f[]=2", "f[]=a"),
        ("style: deepObject", "f[1]=1&f[0]=2", "f[x]=1"),
    ] {
        let contract = contract(
            "/x",
            &format!("{{name: f, in: query, {style}, {INTEGERS}}}"),
        );
        assert_eq!(
            ask(&contract, &format!("/x?{good}"), &[]).0,
            204,
            "{style} {good}"
        );
        assert_eq!(
            ask(&contract, &format!("/x?{bad}"), &[]).0,
            422,
            "{style} {bad}"
        );
    }
    judge_queries(
        "schema: {oneOf: [{type: string, maxLength: 1}, {type: array, items: {type: string, maxLength: 1}, maxItems: 2}]}",
        &[
            ("f=a", ""),
            ("f=a&f=b", ""),
            (
                "f=a&f=bc",
                "query f[1]: takes at most 1 character, got \"bc\"",
            ),
        ],
    );
}

#[test]
fn a_single_text_that_is_valid_as_a_list_alone_is_a_list_of_one() {
    for (parameter, good, bad) in [
        (
            "schema: {anyOf: [{type: integer}, {type: array, items: {type: string}}]}",
            "f=x",
            None,
        ),
        (
            "schema: {anyOf: [{type: integer, maximum: 9}, {type: array, items: {type: integer}, maxItems: 1}]}",
            "f=10",
            Some("f=10&f=11"),
        ),
        (
            "schema: {oneOf: [{type: string, enum: [a]}, {type: array, items: {type: string, enum: [a, b]}}]}",
            "f=b",
            Some("f=c"),
        ),
        (
            "explode: false, schema: {anyOf: [{type: string, maxLength: 1}, {type: array, items: {type: string}}]}",
            "f=abc",
            None,
        ),
        (
            "explode: false, schema: {anyOf: [{type: integer}, {type: array, items: {type: integer}, maxItems: 0}]}",
            "f=",
            Some("f=x"),
        ),
        (
            "schema: {type: [string, array], enum: [[x]]}",
            "f=x",
            Some("f=y"),
        ),
        (
            "style: deepObject, schema: {type: [string, array], enum: [[x]]}",
            "f=x",
            Some("f=y"),
        ),
    ] {
        let contract = contract("/x", &format!("{{name: f, in: query, {parameter}}}"));
        let status = |query: &str| ask(&contract, &format!("/x?{query}"), &[]).0;
        assert_eq!(status(good), 204, "{parameter} {good}");
        if let Some(bad) = bad {
            assert_eq!(status(bad), 422, "{parameter} {bad}");
        }
    }
    judge_queries(
        "schema: {anyOf: [{type: integer}, {type: array, items: {type: boolean}}]}",
        &[("f=true", ""), ("f=1", "")],
    );
    let schema = "schema: {type: [string, array], enum: [[x]]}";
    let either = |path: &str, place: &str| {
        contract(
            path,
            &format!("{{name: f, in: {place}, required: true, {schema}}}"),
        )
    };
    assert_eq!(ask(&either("/{f}", "path"), "/x", &[]).0, 204);
    assert_eq!(ask(&either("/{f}", "path"), "/y", &[]).0, 422);
    assert_eq!(ask(&either("/", "header"), "/", &[("f", "x")]).0, 204);
    assert_eq!(
        ask(&either("/", "cookie"), "/", &[("cookie", "f=x")]).0,
        204
    );
}

#[test]
fn properties_of_a_pattern_have_its_type() {
    let map = |more: &str| {
        format!("schema: {{type: object, patternProperties: {{'^x-': {{type: integer}}}}{more}}}")
    };
    judge_queries(
        &map(""),
        &[
            ("x-a=1", ""),
            ("x-a=1&y=a", ""),
            (
                "x-a=b",
                "query f[x-a]: must be an integer, got the string \"b\"",
            ),
        ],
    );
    // A name that no pattern takes in is none of a closed object's.
    judge_queries(
        &map(", additionalProperties: false"),
        &[("x-a=1&y=1", ""), ("x-a=1&api_key=1", "")],
    );
    judge_queries(
        &map(", additionalProperties: {type: boolean}"),
        &[("x-a=1&y=true", "")],
    );
    judge_queries(
        "schema: {anyOf: [{type: integer}, {type: object, patternProperties: {'^x-': {type: integer}}}]}",
        &[("f=1", ""), ("x-a=1&y=2", "")],
    );
    judge_queries(
        &format!(
            "style: deepObject, {}",
            map(", additionalProperties: false")
        ),
        &[
            ("f[x-a]=1", ""),
            ("f[y]=1", "query f[y]: is not a property that may be here"),
        ],
    );
    // This one only the compiled schema knows.
    judge_queries(
        "schema: {type: object, patternProperties: {'^(?!y)': {type: string}}}",
        &[("x=1", "")],
    );
    let header = contract("/x", &format!("{{name: f, in: header, {}}}", map("")));
    assert_eq!(ask(&header, "/x", &[("f", "x-a,1")]).0, 204);
    let path = format!("{{name: f, in: path, required: true, {}}}", map(""));
    assert_eq!(ask(&contract("/{f}", &path), "/x-a,1", &[]).0, 204);
    // What one names and what another has a pattern of is not for a third that takes all.
    let three = format!(
        "{{name: a, in: query, {}}}, {{name: x-n, in: query, schema: {{type: string}}}}, \
         {{name: b, in: query, schema: {{type: object, additionalProperties: {{type: boolean}}}}}}",
        map(", additionalProperties: false")
    );
    let three = contract("/x", &three);
    assert_eq!(ask(&three, "/x?x-a=1&x-n=a&c=true", &[]), (204, Vec::new()));
    assert_eq!(
        ask(&three, "/x?x-a=a&c=1", &[]).1,
        [
            "query a[x-a]: must be an integer, got the string \"a\"",
            "query b[c]: must be a boolean, got the string \"1\"",
        ]
    );
}

#[test]
fn objects_of_a_query_are_written_as_their_style_says() {
    for (style, good, bad) in [
        ("style: form", "x=1", "x=a"),
        ("style: form", "other=1", "x=1&x=2"),
        ("style: form, explode: false", "f=x,1", "f=y,1"),
        ("style: spaceDelimited", "f=x%201", "f=x"),
        ("style: pipeDelimited", "f=x|1", "f=x|1|x|2"),
        ("style: deepObject, explode: true", "f[x]=1", "f[y]=1"),
        (
            "style: deepObject, explode: true",
            "f%5Bx%5D=1",
            "f[x]=1&f[x]=2",
        ),
        ("style: deepObject, explode: true", "fx=1", "f[x=1"),
    ] {
        let contract = contract("/x", &format!("{{name: f, in: query, {style}, {POINT}}}"));
        assert_eq!(
            ask(&contract, &format!("/x?{good}"), &[]).0,
            204,
            "{style} {good}"
        );
        assert_eq!(
            ask(&contract, &format!("/x?{bad}"), &[]).0,
            422,
            "{style} {bad}"
        );
    }
    judge_queries(
        "style: deepObject, schema: {type: object, properties: {a: {type: array, items: {type: object, properties: {b: {type: integer}}, required: [b]}}}}",
        &[
            ("f[a][0][b]=1&f[a][1][b]=2", ""),
            ("f[a][][b]=1", ""),
            (
                "f[a][0][b]=",
                "query f[a][0][b]: must be an integer, got the string \"\"",
            ),
            ("f[a][0][c]=1", "query f[a][0][b]: is required"),
            (
                "f[a]=1",
                "query f[a][0]: must be an object, got the string \"1\"",
            ),
        ],
    );
    judge_queries(
        "style: deepObject, schema: {anyOf: [{type: integer}, {type: object, properties: {gt: {type: integer}}, required: [gt]}]}",
        &[
            ("f=1", ""),
            ("f[gt]=1", ""),
            (
                "f[gt]=1&f=1",
                "query f: `f` is given in more than one of the forms value, object and list",
            ),
        ],
    );
}

#[test]
fn a_free_form_object_takes_the_names_that_nobody_else_does() {
    let contract = contract(
        "/x",
        "{name: f, in: query, schema: {type: object, additionalProperties: {type: integer}}}, \
         {name: page, in: query, schema: {type: string}}",
    );
    assert_eq!(ask(&contract, "/x?a=1&b=2&page=x&api_key=y", &[]).0, 204);
    let (_, told) = ask(&contract, "/x?a=z", &[]);
    assert_eq!(
        told,
        ["query f[a]: must be an integer, got the string \"z\""]
    );
}

#[test]
fn a_name_with_brackets_is_a_name() {
    let contract = contract(
        "/x",
        "{name: 'page[size]', in: query, schema: {type: integer}}, \
         {name: page, in: query, style: deepObject, schema: {type: object, properties: {number: {type: integer}}, additionalProperties: false}}",
    );
    for (query, status) in [
        ("page[size]=1&page[number]=2", 204),
        ("page%5Bsize%5D=1", 204),
        ("page[size]=x", 422),
        ("page%5Bsize%5D=x", 422),
        ("page[other]=1", 422),
    ] {
        assert_eq!(
            ask(&contract, &format!("/x?{query}"), &[]).0,
            status,
            "{query}"
        );
    }
}

#[test]
fn parameters_of_the_path_are_written_as_their_style_says() {
    for (style, schema, good, bad) in [
        ("simple", "{type: integer}", "1", "a"),
        (
            "simple",
            "{type: array, items: {type: integer}}",
            "1,2",
            "1,a",
        ),
        (
            "simple",
            "{type: object, properties: {x: {type: integer}}}",
            "x,1",
            "x,a",
        ),
        (
            "simple, explode: true",
            "{type: object, properties: {x: {type: integer}}}",
            "x=1",
            "x=a",
        ),
        ("label", "{type: integer}", ".1", "1"),
        (
            "label",
            "{type: array, items: {type: integer}}",
            ".1,2",
            ".1.2",
        ),
        (
            "label, explode: true",
            "{type: array, items: {type: integer}}",
            ".1.2",
            ".1,2",
        ),
        (
            "label, explode: true",
            "{type: object, properties: {x: {type: integer}}}",
            ".x=1",
            ".x=a",
        ),
        ("matrix", "{type: integer}", ";p=1", ";q=1"),
        (
            "matrix",
            "{type: array, items: {type: integer}}",
            ";p=1,2",
            ";p=1;p=2",
        ),
        (
            "matrix, explode: true",
            "{type: array, items: {type: integer}}",
            ";p=1;p=2",
            ";p=1,2",
        ),
        (
            "matrix, explode: true",
            "{type: object, properties: {x: {type: integer}}}",
            ";x=1",
            ";x=a",
        ),
    ] {
        let parameter =
            format!("{{name: p, in: path, required: true, style: {style}, schema: {schema}}}");
        let contract = contract("/x/{p}", &parameter);
        assert_eq!(
            ask(&contract, &format!("/x/{good}"), &[]).0,
            204,
            "{style} {good}"
        );
        assert_eq!(
            ask(&contract, &format!("/x/{bad}"), &[]).0,
            422,
            "{style} {bad}"
        );
    }
}

#[test]
fn header_fields_and_cookies_are_judged() {
    let contract = contract(
        "/x",
        "{name: X-Ids, in: header, schema: {type: array, items: {type: integer}, maxItems: 3}}, \
         {name: X-Map, in: header, explode: true, schema: {type: object, properties: {a: {type: integer}}}}, \
         {name: n, in: cookie, schema: {type: integer}}, \
         {name: l, in: cookie, explode: false, schema: {type: array, items: {type: integer}}}, \
         {name: c, in: cookie, style: cookie, schema: {type: array, items: {type: string, maxLength: 3}}}",
    );
    for (name, value, told) in [
        ("x-ids", "1, 2,3", ""),
        (
            "x-ids",
            "1, a",
            "header X-Ids[1]: must be an integer, got the string \"a\"",
        ),
        ("x-map", "a=1", ""),
        (
            "x-map",
            "a=b",
            "header X-Map[a]: must be an integer, got the string \"b\"",
        ),
        ("cookie", "m=x; n=1", ""),
        // What a cookie has is told to nobody.
        ("cookie", "n=x", "cookie n: must be an integer"),
        ("cookie", "l=1,2", ""),
        ("cookie", "c=a; c=%41", ""),
        (
            "cookie",
            "c=%41%42",
            "cookie c[0]: takes at most 3 characters",
        ),
    ] {
        let (_, violations) = ask(&contract, "/x", &[(name, value)]);
        assert_eq!(violations.join("; "), told, "{name}: {value}");
    }
    let (_, violations) = ask(&contract, "/x", &[("x-ids", "1,2"), ("x-ids", "3,4")]);
    assert_eq!(
        violations,
        ["header X-Ids: takes at most 3 items, got an array of 4 items"]
    );
}

#[test]
fn a_parameter_with_content_is_a_text_of_its_media_type() {
    let point = "{schema: {type: object, properties: {a: {type: integer}}, required: [a]}}";
    judge_queries(
        &format!("content: {{application/json: {point}}}"),
        &[
            ("f={%22a%22:1}", ""),
            ("f={}", "query f[a]: is required"),
            (
                "f={",
                "query f: is not JSON: it ends within an object at line 1 column 2",
            ),
            (
                "f={}&f={}",
                "query f: is given 2 times, and takes one value",
            ),
        ],
    );
    judge_queries(
        &format!("content: {{application/xml: {point}}}"),
        &[("f=%3Cp%3E%3Ca%3E1%3C/a%3E%3C/p%3E", "")],
    );
    judge_queries(
        &format!("content: {{application/x-www-form-urlencoded: {point}}}"),
        &[("f=a%3D1", ""), ("f=b%3D1", "query f[a]: is required")],
    );
    judge_queries(
        "content: {text/plain: {schema: {type: integer}}}",
        &[("f=1", "")],
    );
}

#[test]
fn the_query_as_a_whole_is_one_value() {
    let whole = |content: &str| {
        contract(
            "/x",
            &format!("{{name: q, in: querystring, content: {{{content}}}}}"),
        )
    };
    let json = whole("application/json: {schema: {type: object, required: [a]}}");
    assert_eq!(ask(&json, "/x?%7B%22a%22%3A1%7D", &[]).0, 204);
    assert_eq!(ask(&json, "/x?%7B%7D", &[]).1, ["query q[a]: is required"]);
    assert_eq!(ask(&json, "/x?a=1", &[]).0, 422);
    assert_eq!(ask(&json, "/x", &[]).0, 204);
    let form = whole(
        "application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: integer}}}, additionalProperties: false}}",
    );
    assert_eq!(ask(&form, "/x?a=1&a=2", &[]).0, 204);
    assert_eq!(
        ask(&form, "/x?a=b", &[]).1,
        ["query q[a][0]: must be an integer, got the string \"b\""]
    );
    assert_eq!(
        ask(&form, "/x?b=1", &[]).1,
        ["query q[b]: is not a property that may be here"]
    );
}

#[test]
fn hostile_queries_are_refused_in_words() {
    let contract = contract(
        "/x",
        &format!("{{name: f, in: query, style: deepObject, {POINT}}}"),
    );
    for (query, status) in [
        (format!("f{}=1", "[a]".repeat(1_000)), 422),
        ("f[x]=1&".repeat(2_000), 422),
        ("%zz=1".to_owned(), 400),
        ("f[%C0]=1".to_owned(), 400),
        ("f]x[=1".to_owned(), 204),
        ("f[]]=1".to_owned(), 422),
    ] {
        let (got, _) = ask(&contract, &format!("/x?{query}"), &[]);
        assert_eq!(got, status, "{query:.40}");
    }
}

#[test]
fn the_length_of_a_body_is_known_where_no_field_says_it() {
    let contract = contract(
        "/x",
        "{name: Content-Length, in: header, required: true, schema: {type: integer, maximum: 3}}",
    );
    assert_eq!(ask(&contract, "/x", &[]).0, 204);
    assert_eq!(ask(&contract, "/x", &[("Content-Length", "4")]).0, 422);
}

#[test]
fn a_header_field_beyond_ascii_is_read_as_clients_write_it() {
    let contract = contract(
        "/x",
        "{name: X-Town, in: header, required: true, schema: {enum: [Zürich]}}",
    );
    for (octets, status) in [
        (&b"Z\xfcrich"[..], 204),
        ("Zürich".as_bytes(), 204),
        (b"Zurich", 422),
        (b"Z\xff", 422),
    ] {
        let mut request = Request::new(Method::GET, "/x");
        let value = HeaderValue::from_bytes(octets).expect("a value");
        request.headers.insert("x-town", value);
        assert_eq!(contract.answer(request).reply.status, status, "{octets:?}");
    }
}
