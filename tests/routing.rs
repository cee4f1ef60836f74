//! Which operation a path means, as a client sees it.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request};
use serde_json::{Value, json};

/// A contract whose operations each answer with their own `operationId`. In `paths` stands each
/// path with what else its path item has, and each operation with what else it has.
fn contract(servers: &Value, paths: &Value) -> Contract {
    let mut paths = paths.clone();
    for item in paths.as_object_mut().expect("paths").values_mut() {
        for (member, operation) in item.as_object_mut().expect("a path item") {
            if member != "servers" && member != "parameters" {
                let example = operation["operationId"].clone();
                operation["responses"] = json!({"200": {
                    "description": "Its name",
                    "content": {"application/json": {"example": example}},
                }});
            }
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": servers,
        "paths": paths,
    });
    Contract::from_text("t.json", &document.to_string()).unwrap_or_else(|e| panic!("{e}"))
}

/// The operation that answers, or the status where none does.
#[track_caller]
fn answers(contract: &Contract, cases: &[(&str, &str)]) {
    for (target, expected) in cases {
        let exchange = contract.answer(Request::new(Method::GET, *target));
        let answer = match serde_json::from_slice(&exchange.reply.body) {
            Ok(Value::String(name)) => name,
            _ => exchange.reply.status.as_u16().to_string(),
        };
        assert_eq!(answer, *expected, "{target}");
    }
}

fn told(contract: &Contract) -> Vec<String> {
    let warnings = contract.warnings().iter();
    warnings.map(|warning| warning.message.clone()).collect()
}

fn id(name: &str) -> Value {
    json!({"operationId": name})
}

#[test]
fn base_paths_of_every_level_are_optional_and_the_inner_replaces_the_outer() {
    let contract = contract(
        &json!([{"url": "https://example.com/api/v1"}, {"url": "/api"}, {"url": "c++:+?"}]),
        &json!({
            "/pets": {"get": id("pets")},
            "/toys": {"servers": [{"url": "toys/v2"}], "get": id("toys")},
            "/owners": {
                "servers": [{"url": "./owners"}],
                "get": {"operationId": "owners", "servers": [{"url": "../people"}]},
            },
            "/open": {"servers": [], "get": id("open")},
        }),
    );
    answers(
        &contract,
        &[
            ("/pets", "pets"),
            ("/api/pets", "pets"),
            ("/api/v1/pets", "pets"),
            ("/api/v2/pets", "404"),
            ("/API/pets", "404"),
            ("/toys", "toys"),
            ("/toys/v2/toys", "toys"),
            ("/api/toys", "404"),
            ("/owners", "owners"),
            ("/people/owners", "owners"),
            ("/owners/owners", "404"),
            ("/api/v1/open?x", "open"),
        ],
    );
}

#[test]
fn variables_of_a_base_path_have_their_values_or_any() {
    let contract = contract(
        &json!([{
            "url": "https://{host}:{port}/{version}/t-{tenant}",
            "variables": {
                "host": {"default": "example.com"},
                "port": {"default": "443", "enum": ["443", "8443"]},
                "version": {"default": "v2", "enum": ["v1", "v2"]},
                "tenant": {"default": "acme"},
            },
        }]),
        &json!({"/pets/{id}": {"get": {
            "operationId": "pet",
            "parameters": [{
                "name": "id", "in": "path", "required": true, "schema": {"type": "integer"},
            }],
        }}}),
    );
    answers(
        &contract,
        &[
            ("/pets/1", "pet"),
            ("/v1/t-acme/pets/1", "pet"),
            ("/v2/t-other/pets/1", "pet"),
            ("/v2/t-other/pets/x", "422"),
            ("/v3/t-acme/pets/1", "404"),
            ("/v2/acme/pets/1", "404"),
            ("/443/v2/t-acme/pets/1", "404"),
        ],
    );
}

#[test]
fn an_encoded_slash_is_part_of_a_parameter() {
    let file = json!({
        "operationId": "file",
        "parameters": [{
            "name": "name", "in": "path", "required": true,
            "schema": {"type": "string", "enum": ["a/b", "ä"]},
        }],
    });
    let contract = contract(
        &json!([]),
        &json!({"/files/{name}": {"get": file}, "/files/{name}/{part}": {"get": id("part")}}),
    );
    answers(
        &contract,
        &[
            ("/files/a%2Fb", "file"),
            ("/files/a%2fb", "file"),
            ("/%66iles/%61%2Fb", "file"),
            ("/files/%C3%A4", "file"),
            ("/files/a%2Fc", "422"),
            ("/files/a/b", "part"),
            ("/files/a%252Fb", "422"),
            ("/files//b", "404"),
            ("/files/", "404"),
        ],
    );
}

#[test]
fn a_path_that_starts_with_an_expression_takes_no_base_path_for_its_value() {
    let contract = contract(
        &json!([{"url": "https://example.com/v1/"}]),
        &json!({
            "/buckets/{id}": {"get": id("bucket")},
            "/{prefix}/{a}/{b}": {"get": id("any")},
        }),
    );
    answers(
        &contract,
        &[
            ("/v1/buckets/7", "bucket"),
            ("/v2/buckets/7", "any"),
            ("/v1/others/7", "any"),
            ("/buckets/7", "bucket"),
        ],
    );
}

#[test]
fn of_paths_that_differ_in_a_name_alone_the_first_that_takes_the_value_answers() {
    let named = |name: &str, schema: Value| {
        let mut get = id(name);
        get["parameters"] =
            json!([{"name": name, "in": "path", "required": true, "schema": schema}]);
        json!({"get": get})
    };
    let contract = contract(
        &json!([]),
        &json!({
            "/files/{id}": named("id", json!({"type": "string", "format": "uuid"})),
            "/files/{name}": named("name", json!({"type": "string", "pattern": "[.]"})),
        }),
    );
    answers(
        &contract,
        &[
            ("/files/6fd65b12-695b-4d2a-9963-8101ddb2e7ec", "id"),
            ("/files/a.jpg", "name"),
            ("/files/7", "422"),
        ],
    );
}

#[test]
fn a_path_that_matches_nothing_is_told_the_nearest() {
    let paths = json!({
        "/owners": {"get": id("owners")},
        "/pets": {"get": id("pets")},
        "/pets/{id}": {"get": id("pet")},
        "/search?by=name": {"get": id("search")},
    });
    let contract = contract(&json!([{"url": "/api"}]), &paths);
    for (target, first) in [
        ("/pet", "/pets"),
        ("/pets/", "/pets"),
        ("//pets", "/pets"),
        ("/api/pets/", "/pets"),
        ("/api/pet/7", "/pets/{id}"),
        ("/Owners", "/owners"),
        ("/search?by=age", "/search?by=name"),
    ] {
        let reply = contract.answer(Request::new(Method::GET, target)).reply;
        assert_eq!(reply.status.as_u16(), 404, "{target}");
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        let expected = format!("the nearest are {first}");
        assert!(body.contains(&expected), "{target}: {body}");
    }
    answers(&contract, &[("/search?by=name", "search")]);
}

#[test]
fn paths_that_no_specification_knows_are_served() {
    let contract = contract(
        &json!([]),
        &json!({
            "/v1/{+name}": {"get": id("resource")},
            "/v1/{name=jobs/*}:run": {"get": id("run")},
            "/{bucket}": {"get": id("bucket")},
            "/{bucket}#acl": {"get": id("acl")},
            "/x/{a}{b}/{a}": {"get": id("odd")},
            "/broken/{x": {"get": id("broken")},
        }),
    );
    answers(
        &contract,
        &[
            ("/v1/a/b/c", "resource"),
            ("/v1/jobs/7:run", "run"),
            ("/b", "bucket"),
            ("/b?acl", "acl"),
            ("/x/12/3", "odd"),
            ("/broken/%7Bx", "404"),
        ],
    );
    let told: Vec<String> = told(&contract)
        .into_iter()
        .filter(|message| !message.contains("declares no path parameter"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    `{b}` follows `{a}` with nothing between: where their schemas don't tell, the first takes one character
    the path has `{a}` twice: the first counts
    the braces of the path `/broken/{x` don't pair
    no request has a fragment: GET /{bucket}#acl answers where the query says the same, else GET /{bucket}
    ");
}

#[test]
fn paths_that_cannot_be_told_apart_are_told() {
    let contract = contract(
        &json!([{"url": "/api"}]),
        &json!({
            "/{x}/me": {"get": id("me")},
            "/books/{y}": {"get": id("book")},
            "/a/b/{x}": {"get": id("first")},
            "/a/b/{y}": {"get": id("second"), "put": id("third")},
        }),
    );
    answers(
        &contract,
        &[("/books/me", "book"), ("/x/me", "me"), ("/a/b/c", "first")],
    );
    let told: Vec<String> = told(&contract)
        .into_iter()
        .filter(|message| !message.contains("declares no path parameter"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    some requests are GET /{x}/me and GET /books/{y} alike: GET /books/{y} answers them
    GET /a/b/{y} is the same path as GET /a/b/{x}
    ");
}

#[test]
fn a_method_is_allowed_where_any_template_of_the_path_has_it() {
    let contract = contract(
        &json!([]),
        &json!({"/a/me": {"get": id("me")}, "/a/{x}": {"delete": id("other")}}),
    );
    let ask = |method: &str| {
        let method: Method = method.parse().expect("a method");
        let reply = contract.answer(Request::new(method, "/a/me")).reply;
        let allow = reply.headers.get("allow").map(|allow| allow.to_str());
        let allow = allow.and_then(Result::ok).unwrap_or_default().to_owned();
        (reply.status.as_u16(), allow)
    };
    let all = || "GET, DELETE, HEAD, OPTIONS".to_owned();
    assert_eq!(ask("POST"), (405, all()));
    assert_eq!(ask("OPTIONS"), (204, all()));
    assert_eq!(ask("BREW").0, 501);
    assert_eq!(ask("DELETE").0, 200);
}

#[test]
fn schemas_tell_where_one_expression_ends_and_the_next_begins() {
    let path = |first: Value, second: Value| {
        let parameter = |name: &str, schema: Value| json!({"name": name, "in": "path", "required": true, "schema": schema});
        let body = json!({"type": "object", "properties": {"a": first, "b": second}});
        json!({"get": {
            "parameters": [parameter("a", first), parameter("b", second)],
            "responses": {"200": {"description": "A", "content": {"application/json": {"schema": body}}}},
        }})
    };
    let text = json!({"type": "string"});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {
            "/enum/{a}{b}": path(text.clone(), json!({"type": "string", "enum": [".json", ".xml"]})),
            "/pattern/{a}{b}": path(text.clone(), json!({"type": "string", "pattern": "^@"})),
            "/whole/{a}{b}": path(json!({"type": "integer"}), text.clone()),
            "/any/{a}{b}": path(text.clone(), text),
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    for (target, expected) in [
        ("/enum/7.json", json!({"a": "7", "b": ".json"})),
        ("/enum/a.b.xml", json!({"a": "a.b", "b": ".xml"})),
        ("/pattern/a@b", json!({"a": "a", "b": "@b"})),
        ("/pattern/%C3%A9%40b", json!({"a": "é", "b": "@b"})),
        ("/whole/12.json", json!({"a": 12, "b": ".json"})),
        ("/any/xyz", json!({"a": "x", "b": "yz"})),
    ] {
        let reply = contract.answer(Request::new(Method::GET, target)).reply;
        let got: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(got, expected, "{target}");
    }
    let refused = contract.answer(Request::new(Method::GET, "/enum/7.png"));
    assert_eq!(refused.reply.status, 422);
}

#[test]
fn a_method_that_the_exact_path_hasnt_is_another_paths_where_that_can_take_it() {
    let id = |kind: &str| json!([{"name": "id", "in": "path", "required": true, "schema": {"type": kind}}]);
    let answer = json!({});
    let paths = |kind: &str| {
        json!({
            "/pets/mine": {"get": answer},
            "/pets/{id}": {"parameters": id(kind), "get": answer, "delete": answer},
        })
    };
    for (kind, status, allow) in [
        ("integer", 405, "GET, HEAD, OPTIONS"),
        ("string", 200, "GET, DELETE, HEAD, OPTIONS"),
    ] {
        let contract = contract(&json!([]), &paths(kind));
        let ask = |method, target: &str| contract.answer(Request::new(method, target)).reply;
        assert_eq!(ask(Method::DELETE, "/pets/mine").status, status, "{kind}");
        let options = ask(Method::OPTIONS, "/pets/mine");
        assert_eq!(options.headers["allow"], allow, "{kind}");
        assert_eq!(
            ask(Method::GET, "/pets/yours").status,
            if kind == "string" { 200 } else { 422 }
        );
    }
}
