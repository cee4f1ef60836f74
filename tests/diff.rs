//! `counterpart diff`, as a user meets it: what has changed between two documents, and what of it
//! breaks clients.

use crate::process::{Ended, Folder, run};
use serde_json::Value;

fn diff(old: &str, new: &str, options: &[&str]) -> Ended {
    let folder = Folder::of(&[("old.yaml", old), ("new.yaml", new)]);
    run(
        folder.path(),
        &[&["diff", "old.yaml", "new.yaml"], options].concat(),
    )
}

/// What is told of two documents, a line each: whom it breaks something for, and the sentence.
fn told(old: &str, new: &str) -> String {
    let ended = diff(old, new, &["--format", "json"]);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let changes = report["changes"].as_array().expect("a list").iter();
    let lines = changes.map(|change| {
        let breaks = |side: &str| change["breaks"][side] == true;
        let whom = match (breaks("requests"), breaks("replies")) {
            (true, true) => "both",
            (true, false) => "requests",
            (false, true) => "replies",
            (false, false) => "-",
        };
        format!("{whom}: {}", change["message"].as_str().unwrap_or_default())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A document of 3.1 with these paths, and what follows them.
fn api(paths: &str, rest: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\n{rest}\n")
}

/// A document whose one operation takes a schema and answers with the same.
fn thing(version: &str, schema: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    put:\n      requestBody: \
         {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n      \
         responses: {{'200': {{description: A, content: {{application/json: {{schema: {{$ref: \
         '#/components/schemas/A'}}}}}}}}}}\ncomponents:\n  schemas:\n    A: {schema}\n    B: {{type: object, \
         properties: {{b: {{type: string}}}}}}\n    C: {{type: object, properties: {{c: {{type: string}}}}}}\n"
    )
}

/// What is told of a schema that is taken and answered with.
fn changed(old: &str, new: &str) -> String {
    told(&thing("3.1.0", old), &thing("3.1.0", new))
}

#[test]
fn what_says_the_same_in_other_words_is_no_change() {
    let same = [
        (
            "3.0.3",
            "{type: string, nullable: true}",
            "3.1.0",
            "{type: [string, 'null']}",
        ),
        (
            "3.0.3",
            "{type: integer, minimum: 1, exclusiveMinimum: true}",
            "3.1.0",
            "{type: integer, exclusiveMinimum: 1}",
        ),
        ("3.1.0", "{type: string}", "3.1.0", "{type: [string]}"),
        ("3.1.0", "{enum: [a]}", "3.1.0", "{const: a}"),
        (
            "3.1.0",
            "{type: string, enum: [a, b]}",
            "3.1.0",
            "{oneOf: [{const: b}, {const: a, title: The first}]}",
        ),
        (
            "3.1.0",
            "{anyOf: [{type: string}, {type: 'null'}]}",
            "3.1.0",
            "{type: [string, 'null']}",
        ),
        (
            "3.1.0",
            "{type: object, required: [x, b], properties: {x: {type: integer}, b: {type: string}}}",
            "3.1.0",
            "{allOf: [{$ref: '#/components/schemas/B'}, {properties: {x: {type: integer, description: X}}}], \
             required: [b, x], type: object, title: Another, example: {b: c}}",
        ),
        (
            "3.1.0",
            "{type: object, properties: {b: {$ref: '#/components/schemas/B'}}}",
            "3.1.0",
            "{type: object, properties: {b: {type: object, properties: {b: {type: string}}}}}",
        ),
        (
            "3.1.0",
            "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}}",
            "3.1.0",
            "{properties: {a: {allOf: [{$ref: '#/components/schemas/A'}], description: Itself}}, type: object}",
        ),
        (
            "3.1.0",
            "{type: string, minLength: 0}",
            "3.1.0",
            "{type: string}",
        ),
        (
            "3.1.0",
            "{not: {not: {type: string, maxLength: 3}}}",
            "3.1.0",
            "{type: string, maxLength: 3}",
        ),
        (
            "3.1.0",
            "{type: object, properties: {b: {type: object, not: {not: {required: [b]}}}}}",
            "3.1.0",
            "{type: object, properties: {b: {type: object, required: [b]}}}",
        ),
        (
            "3.1.0",
            "{type: number, minimum: 1.0}",
            "3.1.0",
            "{type: number, minimum: 1}",
        ),
    ];
    for (version, old, other, new) in same {
        let told = told(&thing(version, old), &thing(other, new));
        assert_eq!(told, "", "{old} and {new}");
    }
}

#[test]
fn requests_break_where_less_is_taken_and_replies_where_more_may_come() {
    let object = |members: &str| format!("{{type: object, {members}}}");
    let cases = [
        (
            "{enum: [a, b]}",
            "{enum: [a, b, c]}",
            "replies: `A` may now be `c` as well",
        ),
        (
            "{enum: [a, b]}",
            "{enum: [a]}",
            "requests: `A` may no longer be `b`",
        ),
        (
            "{type: string}",
            "{enum: [a]}",
            "requests: `A` may now only be `a`",
        ),
        (
            "{type: string}",
            "{type: integer}",
            "both: `A` is now an integer; it was a string",
        ),
        (
            "{type: integer}",
            "{type: number}",
            "replies: `A` is now a number; it was an integer",
        ),
        (
            "{type: string}",
            "{type: [string, 'null']}",
            "replies: `A` may now be null",
        ),
        (
            "{type: string}",
            "{type: string, maxLength: 5}",
            "requests: `A` must now have at most 5 characters",
        ),
        (
            "{type: integer, minimum: 5}",
            "{type: integer, minimum: 1}",
            "replies: `A` must now be at least 1; before, at least 5",
        ),
        (
            "{type: integer, multipleOf: 5}",
            "{type: integer, multipleOf: 10}",
            "requests: `A` must now be a multiple of 10; before, 5",
        ),
        (
            "{type: string, pattern: a}",
            "{type: string, pattern: b}",
            "both: `A` must now match `b`; before, `a`",
        ),
        (
            "{type: integer, format: int32}",
            "{type: integer, format: int64}",
            "replies: `A` must now be of the format `int64`; before, `int32`",
        ),
        (
            "{type: array, items: {type: string}}",
            "{type: array, items: {type: string}, uniqueItems: true, minItems: 1}",
            "requests: `A` may no longer have an item twice\nrequests: `A` must now have at least 1 item",
        ),
        (
            "{type: array, items: {type: string}}",
            "{type: array, items: {type: boolean}}",
            "both: An item of `A` is now a boolean; it was a string",
        ),
        (
            &object("properties: {x: {type: string}}"),
            &object("properties: {x: {type: string}, y: {type: string}}"),
            "-: `y` of `A` is new",
        ),
        (
            &object("properties: {x: {type: string}}"),
            &object("properties: {x: {type: string}, y: {type: string}}, required: [y]"),
            "requests: `y` of `A` is new, and required",
        ),
        (
            &object("properties: {x: {type: string}, y: {}}"),
            &object("properties: {x: {type: string}}"),
            "both: `y` of `A` is gone",
        ),
        (
            &object("properties: {x: {}}"),
            &object("properties: {x: {}}, required: [x]"),
            "requests: `x` of `A` is now required",
        ),
        (
            &object("properties: {x: {}}, required: [x]"),
            &object("properties: {x: {}}"),
            "replies: `x` of `A` is no longer required",
        ),
        (
            &object("properties: {x: {}}"),
            &object("properties: {x: {readOnly: true}}"),
            "requests: `x` of `A` is now read-only",
        ),
        (
            &object("properties: {x: {}}"),
            &object("properties: {x: {writeOnly: true}}"),
            "replies: `x` of `A` is now write-only",
        ),
        (
            &object("properties: {x: {}}"),
            &object("properties: {x: {}}, additionalProperties: false"),
            "requests: `A` may no longer have properties that aren't declared",
        ),
        (
            &object("additionalProperties: {type: string}"),
            &object("additionalProperties: {type: integer}"),
            "both: `*` of `A` is now an integer; it was a string",
        ),
        (
            &object("properties: {x: {type: integer, default: 1}}"),
            &object("properties: {x: {type: integer, default: 2}}"),
            "requests: `x` of `A` is `2` where it isn't given; before, `1`",
        ),
        (
            &object("properties: {x: {type: integer, default: 1}}, required: [x]"),
            &object("properties: {x: {type: integer, default: 2}}, required: [x]"),
            "",
        ),
        (
            &object("properties: {x: {type: integer}}"),
            &object("properties: {x: {type: integer, deprecated: true}}"),
            "-: `x` of `A` is now deprecated",
        ),
        (
            &object("dependentRequired: {x: [y]}"),
            &object("dependentRequired: {x: [y, z]}"),
            "requests: `A` must now have `z` where it has `x`",
        ),
        (
            "{type: array}",
            "{type: array, contains: {const: a}}",
            "requests: `A` must now have an item of those that `contains` asks for",
        ),
        (
            &object("propertyNames: {pattern: a}"),
            &object("propertyNames: {pattern: b}"),
            "both: The name of a property of `A` must now match `b`; before, `a`",
        ),
        (
            &object("properties: {x: {}}"),
            &object("properties: {x: {}}, unevaluatedProperties: false"),
            "requests: `A` may no longer have properties that aren't declared",
        ),
        (
            "{enum: [a, b]}",
            "{type: [string, integer]}",
            "replies: `A` may now be a string or an integer beside `a` and `b`",
        ),
        (
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], \
             discriminator: {propertyName: kind}}",
            "requests: `A` is now told apart by `kind`",
        ),
        (
            "{type: string, not: {enum: [a]}}",
            "{type: string, not: {enum: [a, b]}}",
            "requests: `A` may now be `b` as well",
        ),
        (
            "{oneOf: [{$ref: '#/components/schemas/B'}, {type: string}]}",
            "{oneOf: [{$ref: '#/components/schemas/B'}, {type: string}, {$ref: '#/components/schemas/C'}]}",
            "replies: `A` may now be `C` as well",
        ),
        (
            "{$ref: '#/components/schemas/B'}",
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
            "replies: `A` may now be `C` as well",
        ),
        (
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
            "{oneOf: [{$ref: '#/components/schemas/C'}, {type: string}]}",
            "requests: `A` may no longer be `B`\nreplies: `A` may now be a string as well",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(changed(old, new), expected, "{old} to {new}");
    }
}

#[test]
fn alternatives_are_matched_by_what_they_are_and_not_by_their_order() {
    let one = |kind: &str, rest: &str| {
        format!(
            "{{type: object, required: [kind], properties: {{kind: {{const: {kind}}}, {rest}}}}}"
        )
    };
    let (card, cash) = (one("card", "number: {type: string}"), one("cash", ""));
    let more = one("card", "number: {type: string, minLength: 12}");
    assert_eq!(
        changed(
            &format!("{{oneOf: [{card}, {cash}]}}"),
            &format!("{{oneOf: [{cash}, {more}]}}")
        ),
        "requests: `number` of `A` must now have at least 12 characters"
    );
}

#[test]
fn the_value_of_a_discriminator_is_part_of_the_contract() {
    let of = |mapping: &str| {
        format!(
            "{{oneOf: [{{$ref: '#/components/schemas/B'}}, {{$ref: '#/components/schemas/C'}}], \
             discriminator: {{propertyName: kind{mapping}}}}}"
        )
    };
    let same = of(", mapping: {B: '#/components/schemas/B'}");
    assert_eq!(changed(&of(""), &same), "");
    assert_eq!(
        changed(&of(""), &of(", mapping: {bee: '#/components/schemas/B'}")),
        "replies: `A` now has the `kind` `bee` for `B`\nrequests: `A` no longer has the `kind` `B` for `B`"
    );
}

#[test]
fn parameters_come_go_move_and_are_written_otherwise() {
    let of = |parameters: &str| {
        api(
            &format!(
                "  /a/{{id}}:\n    get:\n      parameters:\n        - {{name: id, in: path, required: true, schema: \
                 {{type: string}}}}\n{parameters}\n      responses: {{'200': {{description: A}}}}"
            ),
            "",
        )
    };
    let query = |rest: &str| format!("        - {{name: q, in: query, {rest}}}");
    let cases = [
        (
            "",
            query("schema: {type: string}"),
            "-: The query parameter `q` is new",
        ),
        (
            "",
            query("required: true, schema: {type: string}"),
            "requests: The query parameter `q` is new, and required",
        ),
        (
            &query("schema: {type: string}"),
            String::new(),
            "requests: The query parameter `q` is gone",
        ),
        (
            &query("schema: {type: string}"),
            query("required: true, schema: {type: string}"),
            "requests: The query parameter `q` is now required",
        ),
        (
            &query("schema: {type: array, items: {type: string}}"),
            query("explode: false, schema: {type: array, items: {type: string}}"),
            "requests: The query parameter `q` is now written as `form`, not exploded; before, `form`, exploded",
        ),
        (
            &query("schema: {type: string}"),
            "        - {name: q, in: header, schema: {type: string}}".to_owned(),
            "requests: The query parameter `q` now stands in the header",
        ),
        (
            &query("schema: {type: integer, maximum: 100}"),
            query("schema: {type: integer, maximum: 50}"),
            "requests: The query parameter `q` must now be at most 50; before, at most 100",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(told(&of(old), &of(&new)), expected);
    }
    // Header fields have the same name in any case.
    let header = |name: &str| {
        of(&format!(
            "        - {{name: {name}, in: header, schema: {{type: string}}}}"
        ))
    };
    assert_eq!(told(&header("X-Id"), &header("x-id")), "");
}

#[test]
fn the_name_of_a_path_parameter_is_nobodys_business() {
    let of = |name: &str, kind: &str| {
        api(
            &format!(
                "  /a/{{{name}}}:\n    get:\n      parameters: [{{name: {name}, in: path, required: true, schema: \
                 {{type: {kind}}}}}]\n      responses: {{'200': {{description: A}}}}"
            ),
            "",
        )
    };
    assert_eq!(told(&of("id", "string"), &of("key", "string")), "");
    assert_eq!(
        told(&of("id", "string"), &of("key", "integer")),
        "requests: The path parameter `key` is now an integer; it was a string"
    );
}

#[test]
fn operations_come_and_go_and_change_their_names() {
    let of = |id: &str, rest: &str| {
        api(
            &format!(
                "  /a:\n    get: {{operationId: {id}, responses: {{'200': {{description: A}}}}}}\n{rest}"
            ),
            "",
        )
    };
    let b = "  /b:\n    get: {responses: {'200': {description: A}}}\n    put: {deprecated: true, responses: {'200': {description: A}}}";
    assert_eq!(
        told(&of("x", ""), &of("y", b)),
        "-: `GET /a` has the id `y`; before, `x`\n-: `GET /b` is new\n-: `PUT /b` is new"
    );
    assert_eq!(
        told(&of("x", b), &of("x", "")),
        "requests: The operation is gone with its path (GET and PUT)"
    );
    let put = "  /b:\n    get: {responses: {'200': {description: A}}}";
    assert_eq!(
        told(&of("x", b), &of("x", put)),
        "requests: `PUT /b` is gone, as its deprecation foretold"
    );
}

#[test]
fn what_stands_before_the_paths_counts_with_them() {
    let of = |server: &str, path: &str| {
        api(
            &format!("  {path}:\n    get: {{responses: {{'200': {{description: A}}}}}}"),
            &format!("servers: [{{url: 'https://example.com{server}'}}]"),
        )
    };
    assert_eq!(told(&of("/v1", "/a"), &of("", "/v1/a")), "");
    assert_eq!(
        told(&of("/v1", "/a"), &of("/v2", "/a")),
        "requests: The API now stands under `/v2`; before, under `/v1`"
    );
}

#[test]
fn statuses_media_types_and_header_fields_are_part_of_a_reply() {
    let of = |responses: &str| {
        api(
            &format!("  /a:\n    get:\n      responses: {{{responses}}}"),
            "",
        )
    };
    let text = "'200': {description: A, content: {text/plain: {schema: {type: string}}}}";
    let both = "'200': {description: A, content: {text/plain: {schema: {type: string}}, application/json: {}}}";
    let field = "'200': {description: A, headers: {X-A: {schema: {type: string}}}}";
    let bare = "'200': {description: A}";
    let cases = [
        (
            bare,
            "'200': {description: A}, '404': {description: B}",
            "-: The reply 404 is new",
        ),
        (
            bare,
            "'200': {description: A}, '202': {description: B}",
            "replies: The reply 202 is new",
        ),
        (
            "'200': {description: A}, '201': {description: B}",
            bare,
            "replies: The reply 201 is gone",
        ),
        (
            "'200': {description: A}, '404': {description: B}",
            bare,
            "-: The reply 404 is gone",
        ),
        // What a range told of is no news.
        (bare, "2XX: {description: A}", ""),
        (
            both,
            text,
            "replies: The reply 200 may no longer be `application/json`",
        ),
        (
            text,
            both,
            "-: The reply 200 may now be `application/json` as well",
        ),
        (
            field,
            bare,
            "replies: The header field `X-A` of the reply 200 is gone",
        ),
        (
            bare,
            field,
            "-: The header field `X-A` of the reply 200 is new",
        ),
    ];
    for (old, new, expected) in cases {
        let said = told(&of(old), &of(new));
        match (old, new) {
            (_, "2XX: {description: A}") => assert!(!said.contains("200"), "{said}"),
            _ => assert_eq!(said, expected, "{old} to {new}"),
        }
    }
}

#[test]
fn who_could_call_an_operation_must_be_able_to_go_on() {
    let of = |security: &str| {
        api(
            "  /a:\n    get: {responses: {'200': {description: A}}}",
            &format!(
                "security: {security}\ncomponents:\n  securitySchemes:\n    key: {{type: apiKey, in: header, name: X-Key}}\n    \
                 other: {{type: apiKey, in: header, name: X-Key}}\n    oauth: {{type: oauth2, flows: {{clientCredentials: \
                 {{tokenUrl: 'https://example.com', scopes: {{a: A, b: B}}}}}}}}"
            ),
        )
    };
    let cases = [
        (
            "[]",
            "[{key: []}]",
            "requests: `GET /a` now needs credentials: a key in `X-Key`",
        ),
        ("[{key: []}]", "[{other: []}]", ""),
        (
            "[{oauth: [a]}]",
            "[{oauth: [a, b]}]",
            "requests: `GET /a` now needs the scope `b`",
        ),
        (
            "[{oauth: [a, b]}]",
            "[{oauth: [a]}]",
            "-: `GET /a` may now be asked for with a token of `oauth` and no more than `a`",
        ),
        (
            "[{key: []}]",
            "[{oauth: []}]",
            "requests: `GET /a` no longer takes a key in `X-Key`, but a token of `oauth`\n\
             -: `GET /a` may now be asked for with a token of `oauth`",
        ),
        (
            "[{key: []}]",
            "[{key: []}, {}]",
            "-: `GET /a` may now be asked for without credentials",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(told(&of(old), &of(new)), expected, "{old} to {new}");
    }
}

#[test]
fn what_the_api_sends_to_clients_is_read_as_its_replies_are() {
    let of = |values: &str| {
        api(
            "  {}",
            &format!(
                "webhooks:\n  sold:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {{enum: \
                 [{values}]}}}}}}}}\n      responses: {{'200': {{description: A}}}}"
            ),
        )
    };
    assert_eq!(
        told(&of("a"), &of("a, b")),
        "replies: The message `sold` may now be `b` as well"
    );
}

#[test]
fn a_change_of_what_many_operations_share_is_told_once_with_all_of_them() {
    let of = |values: &str| {
        let paths: Vec<String> = (0..30)
            .map(|number| {
                format!(
                    "  /a{number}:\n    get: {{responses: {{'200': {{$ref: '#/components/responses/One'}}}}}}"
                )
            })
            .collect();
        api(
            &paths.join("\n"),
            &format!(
                "components:\n  responses:\n    One: {{description: A, content: {{application/json: {{schema: {{$ref: \
                 '#/components/schemas/Pet'}}}}}}}}\n  schemas:\n    Pet: {{type: object, properties: {{status: {{enum: \
                 [{values}]}}, mother: {{$ref: '#/components/schemas/Pet'}}}}}}"
            ),
        )
    };
    let ended = diff(&of("a"), &of("a, b"), &["--format", "json"]);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(
        (&report["breaking"], &report["compatible"]),
        (&1.into(), &0.into())
    );
    let change = &report["changes"][0];
    assert_eq!(change["operations"].as_array().map(Vec::len), Some(30));
    assert_eq!(change["kind"], "value-added");
    assert_eq!(change["old"], Value::Null);
    assert_eq!(
        (&change["new"]["file"], &change["new"]["pointer"]),
        (
            &"new.yaml".into(),
            &"/components/schemas/Pet/properties/status/enum/1".into()
        )
    );
}

#[test]
fn swagger_and_its_later_versions_are_held_against_each_other() {
    let old = "swagger: '2.0'\ninfo: {title: T, version: '1'}\nbasePath: /v1\npaths:\n  /a:\n    post:\n      \
               consumes: [application/x-www-form-urlencoded]\n      parameters:\n        - {name: x, in: formData, type: string, required: true}\n        \
               - {name: n, in: query, type: integer, minimum: 1}\n      responses: {'200': {description: A, schema: {$ref: \
               '#/definitions/A'}}}\ndefinitions:\n  A: {type: object, properties: {a: {type: string, x-nullable: true}}}\n";
    let new = |extra: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: /v1}}]\npaths:\n  /a:\n    post:\n      \
             parameters: [{{name: n, in: query, schema: {{type: integer, minimum: 1}}}}]\n      requestBody:\n        required: true\n        content:\n          \
             application/x-www-form-urlencoded:\n            schema: {{type: object, required: [x{extra}], properties: {{x: {{type: string}}, \
             y: {{type: string}}}}}}\n      responses: {{'200': {{description: A, content: {{application/json: {{schema: {{$ref: \
             '#/components/schemas/A'}}}}}}}}}}\ncomponents:\n  schemas:\n    A: {{type: object, properties: {{a: {{type: string, nullable: \
             true}}}}}}\n"
        )
    };
    assert_eq!(told(old, &new("")), "-: `y` of the body is new");
    assert_eq!(
        told(old, &new(", y")),
        "requests: `y` of the body is new, and required"
    );
}

const OLD: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    put:
      operationId: putPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        status: {type: string, enum: [new, sold]}
";

fn new_of_old() -> String {
    OLD.replace("1.0.0", "2.0.0")
        .replace("[new, sold]", "[new, archived]")
        .replace("required: [name]", "required: [name, status]")
        .replace("operationId: getPet", "operationId: readPet")
}

#[test]
fn people_read_what_breaks_whom_where() {
    let ended = diff(OLD, &new_of_old(), &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(ended.out, @"
    breaking for requests: `status` of `Pet` is now required
      GET /pets/{id}, PUT /pets/{id}
      old.yaml:25 → new.yaml:25

    breaking for requests: `status` of `Pet` may no longer be `sold`
      GET /pets/{id}, PUT /pets/{id}
      old.yaml:25, gone

    breaking for replies: `status` of `Pet` may now be `archived` as well
      GET /pets/{id}, PUT /pets/{id}
      new.yaml:25, new

    compatible: `GET /pets/{id}` has the id `readPet`; before, `getPet`
      old.yaml:5 → new.yaml:5

    Pets, from 1.0.0 to 2.0.0: 3 breaking changes, 1 compatible change
    ");
}

#[test]
fn the_same_is_written_as_markdown() {
    let ended = diff(OLD, &new_of_old(), &["--format", "markdown"]);
    assert_eq!(ended.code, Some(1));
    insta::assert_snapshot!(ended.out, @"
    # Pets, from 1.0.0 to 2.0.0: 3 breaking changes, 1 compatible change

    ## Breaking

    - `status` of `Pet` is now required (breaking for requests): `GET /pets/{id}`, `PUT /pets/{id}`
    - `status` of `Pet` may no longer be `sold` (breaking for requests): `GET /pets/{id}`, `PUT /pets/{id}`
    - `status` of `Pet` may now be `archived` as well (breaking for replies): `GET /pets/{id}`, `PUT /pets/{id}`

    ## Compatible

    - `GET /pets/{id}` has the id `readPet`; before, `getPet`
    ");
}

#[test]
fn platforms_of_ci_are_told_what_fails_and_on_which_line() {
    let report = |options: &[&str]| diff(OLD, &new_of_old(), options).out;
    let annotations = report(&["--format", "github"]);
    insta::assert_snapshot!(annotations, @"
    ::error file=new.yaml,line=25,col=9,endColumn=15,title=counterpart diff%3A breaking-requests::`status` of `Pet` is now required%0Ahelp: it concerns GET /pets/{id}, PUT /pets/{id}%0Aold.yaml:25 → new.yaml:25
    ::error file=old.yaml,line=25,col=44,endColumn=48,title=counterpart diff%3A breaking-requests::`status` of `Pet` may no longer be `sold`%0Ahelp: it concerns GET /pets/{id}, PUT /pets/{id}%0Aold.yaml:25, gone
    ::error file=new.yaml,line=25,col=44,endColumn=52,title=counterpart diff%3A breaking-replies::`status` of `Pet` may now be `archived` as well%0Ahelp: it concerns GET /pets/{id}, PUT /pets/{id}%0Anew.yaml:25, new
    ::notice file=new.yaml,line=5,col=5,endColumn=8,title=counterpart diff%3A compatible::`GET /pets/{id}` has the id `readPet`; before, `getPet`%0Ahelp: it concerns GET /pets/{id}%0Aold.yaml:5 → new.yaml:5
    ");
    let any = report(&["--format", "github", "--fail-on", "any"]);
    assert!(
        any.lines().all(|line| line.starts_with("::error ")),
        "{any}"
    );
    let never = report(&["--format", "github", "--fail-on", "never"]);
    assert!(!never.contains("::error "), "{never}");

    let junit = report(&["--format", "junit"]);
    assert!(junit.contains(r#"tests="3" failures="2""#), "{junit}");
    let same = diff(OLD, OLD, &["--format", "junit"]).out;
    assert!(same.contains(r#"tests="3" failures="0""#), "{same}");
    let sarif: Value = serde_json::from_str(&report(&["--format", "sarif"])).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let levels: Vec<_> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "error", "error", "note"]);
    let page = report(&["--format", "html"]);
    assert!(page.contains("2 of what was looked at fail"), "{page}");
}

#[test]
fn the_exit_code_is_what_fail_on_says() {
    let code = |old: &str, new: &str, on: &str| diff(old, new, &["--fail-on", on]).code;
    let renamed = OLD.replace("getPet", "readPet");
    assert_eq!(code(OLD, &new_of_old(), "breaking"), Some(1));
    assert_eq!(code(OLD, &new_of_old(), "never"), Some(0));
    assert_eq!(code(OLD, &renamed, "breaking"), Some(0));
    assert_eq!(code(OLD, &renamed, "any"), Some(1));
    assert_eq!(code(OLD, OLD, "any"), Some(0));
    assert_eq!(diff(OLD, "swagger: 1\n", &[]).code, Some(3));
    let absent = run(Folder::of(&[]).path(), &["diff", "a.yaml", "b.yaml"]);
    assert_eq!(absent.code, Some(3));
    assert!(
        absent.err.contains("a.yaml") && absent.err.contains("b.yaml"),
        "{}",
        absent.err
    );
}

#[test]
fn documents_that_are_made_to_explode_are_compared_all_the_same() {
    // Each of 60 leads to the next twice over.
    let lattice = |last: &str, keyword: &str| {
        let mut schemas = String::new();
        for number in 0..60 {
            let next = number + 1;
            schemas += &format!(
                "    S{number}: {{{keyword}: [{{$ref: '#/components/schemas/S{next}'}}, {{allOf: [{{$ref: \
                 '#/components/schemas/S{next}'}}, {{title: x}}]}}]}}\n"
            );
        }
        let path = "  /a:\n    get: {responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}";
        api(
            path,
            &format!("components:\n  schemas:\n{schemas}    S60: {{type: {last}}}"),
        )
    };
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let started = std::time::Instant::now();
        told(&lattice("string", keyword), &lattice("integer", keyword));
        assert!(started.elapsed().as_secs() < 20, "{keyword}");
    }
}

#[test]
fn a_site_tells_what_has_changed_since_an_older_document_and_links_to_it() {
    let folder = Folder::of(&[("old.yaml", OLD), ("pets.yaml", &new_of_old())]);
    let read = |name: &str| {
        let path = folder.path().join("site").join(name);
        std::fs::read_to_string(path).unwrap_or_default()
    };
    let site = |options: &[&str]| {
        let arguments = [&["docs", "pets.yaml", "--out", "site"], options].concat();
        run(folder.path(), &arguments)
    };
    assert_eq!(site(&[]).code, Some(0));
    assert!(!read("pets/index.html").contains("changelog.html"));
    let ended = site(&["--since", "old.yaml"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(read("pets/index.html").contains("href=\"changelog.html\""));
    let page = read("pets/changelog.html");
    let at = |text: &str| {
        page.find(text)
            .unwrap_or_else(|| panic!("{text} in {page}"))
    };
    assert!(at("3 breaking changes, 1 compatible change") < at("id=\"breaking-1\""));
    assert!(at("breaks replies") < at("id=\"other-1\""));
    assert!(at("href=\"schemas/pet.html#") < at("href=\"read-pet.html\""));
    assert!(read("pets/changelog.md").starts_with("# Pets, from 1.0.0 to 2.0.0"));
    let text = read("pets/changelog.html");
    assert_eq!(site(&["--since", "old.yaml"]).code, Some(0));
    assert_eq!(text, read("pets/changelog.html"));
}

#[test]
fn an_older_document_that_is_of_no_service_is_told_of() {
    let folder = Folder::of(&[
        ("old.yaml", &OLD.replace("title: Pets", "title: Others")),
        ("specs/pets.yaml", OLD),
        (
            "specs/shops.yaml",
            &OLD.replace("title: Pets", "title: Shops"),
        ),
    ]);
    let ended = run(
        folder.path(),
        &["docs", "--out", "site", "--since", "old.yaml"],
    );
    assert_eq!(ended.code, Some(0));
    assert!(
        ended
            .err
            .contains("old.yaml (Others) is of no service here"),
        "{}",
        ended.err
    );
    let ended = run(
        folder.path(),
        &["docs", "--out", "site", "--since", "absent.yaml"],
    );
    assert_eq!(ended.code, Some(3));
}

#[test]
fn json_is_what_its_schema_says_of_changes_and_of_failures() {
    let schema = include_str!("../docs/schemas/diff.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let judge = |old: &str, new: &str| -> Value {
        let ended = diff(old, new, &["--format", "json"]);
        let report: Value = serde_json::from_str(&ended.out).expect("JSON");
        let found: Vec<String> = schema.iter_errors(&report).map(|e| e.to_string()).collect();
        assert!(found.is_empty(), "{found:?}");
        report
    };
    let old = thing("3.1.0", "{type: object, properties: {a: {type: string}}}");
    let new = thing(
        "3.1.0",
        "{type: object, required: [b], properties: {b: {type: integer}}}",
    );
    let report = judge(&old, &new);
    assert!(
        report["changes"]
            .as_array()
            .is_some_and(|all| all.len() >= 2),
        "{report}"
    );
    let failure = judge("openapi: [", &new);
    assert_eq!(failure["errors"][0]["file"], "old.yaml");
    let junit = diff("openapi: [", &new, &["--format", "junit"]);
    assert_eq!(junit.code, Some(3));
    assert!(junit.out.contains("failures=\"1\""), "{}", junit.out);
}

/// `oneOf` takes what one alternative alone takes.
#[test]
fn an_alternative_that_takes_what_another_takes_narrows() {
    let one_of = |all: &str| format!("{{oneOf: [{all}]}}");
    let old = one_of("{type: string}, {type: integer}");
    let number = one_of("{type: string}, {type: integer}, {type: number}");
    assert_eq!(
        changed(&old, &number),
        "both: `A` is now a string or a number that is no integer; it was a string or an integer"
    );
    let short = one_of("{type: string}, {type: integer}, {type: string, maxLength: 5}");
    assert_eq!(
        changed(&old, &short),
        "requests: `A` may no longer be a string that another alternative of `oneOf`, a string, takes as well"
    );
    let any = |all: &str| format!("{{anyOf: [{all}]}}");
    let old = any("{type: string}, {type: integer}");
    let number = any("{type: string}, {type: integer}, {type: number}");
    assert_eq!(
        changed(&old, &number),
        "replies: `A` is now a string or a number; it was a string or an integer"
    );
}

/// What several alternatives of `oneOf` take is refused, until all but one of them are gone.
#[test]
fn an_alternative_that_goes_may_widen() {
    let of = |keyword: &str, all: &str| format!("{{{keyword}: [{all}]}}");
    let short = "{type: string}, {type: string, maxLength: 5}";
    let widened = "replies: `A` may now be a string that another alternative of `oneOf`, a string, took as well";
    assert_eq!(changed(&of("oneOf", short), "{type: string}"), widened);
    let and_number = format!("{short}, {{type: integer}}");
    assert_eq!(
        changed(
            &of("oneOf", &and_number),
            &of("oneOf", "{type: string}, {type: integer}")
        ),
        widened
    );
    assert_eq!(
        changed("{type: string}", &of("oneOf", short)),
        "requests: `A` may no longer be a string that another alternative of `oneOf`, a string, takes as well"
    );
    // Neither takes all of the other: some values are gone, and others are new.
    let apart = "{type: string, minLength: 3}, {type: string, maxLength: 5}, {type: integer}";
    assert_eq!(
        changed(
            &of("oneOf", apart),
            &of("oneOf", "{type: string, minLength: 3}, {type: integer}")
        ),
        "requests: `A` may no longer be a string\n\
         replies: `A` may now be a string that another alternative of `oneOf`, a string, took as well"
    );
    assert_eq!(
        changed(&of("oneOf", short), &of("anyOf", short)),
        "replies: `A` may now be what several of its alternatives take"
    );
    // A longer one takes more from the other.
    let longer = "{type: string}, {type: string, maxLength: 9}";
    assert_eq!(
        changed(&of("oneOf", short), &of("oneOf", longer)),
        "requests: `A` must now have at most 9 characters; before, at most 5 characters"
    );
}

#[test]
fn alternatives_that_take_the_same_together_are_no_change() {
    let of = |keyword: &str, all: &str| format!("{{{keyword}: [{all}]}}");
    let pet = "type: object, required: [name], properties: {name: {type: string}";
    let dog = format!("{{{pet}}}, anyOf: [{{required: [a]}}, {{required: [b]}}]}}",);
    let same = [
        (
            of(
                "oneOf",
                "{type: string, maxLength: 5}, {type: string, minLength: 6}",
            ),
            "{type: string}".to_owned(),
        ),
        (
            of("anyOf", "{type: string}, {type: integer}"),
            of(
                "anyOf",
                "{type: string}, {type: integer}, {type: string, maxLength: 5}",
            ),
        ),
        (
            of("anyOf", "{type: string, pattern: ^a}, {type: integer}"),
            of(
                "anyOf",
                "{type: string, pattern: ^a}, {type: integer}, {type: string, pattern: ^a, minLength: 2}",
            ),
        ),
        (
            of(
                "anyOf",
                "{type: integer, maximum: 3}, {type: integer, minimum: 4}, {type: string}",
            ),
            of("anyOf", "{type: integer}, {enum: [a]}, {type: string}"),
        ),
        (
            of("anyOf", &format!("{{{pet}}}}}, {{type: array}}")),
            of("anyOf", &format!("{{{pet}}}}}, {{type: array}}, {dog}")),
        ),
    ];
    for (old, new) in &same {
        assert_eq!(changed(old, new), "", "{old} {new}");
        assert_eq!(changed(new, old), "", "{new} {old}");
    }
    // What is left open may be what the other takes.
    assert_eq!(
        changed(
            &of("anyOf", &format!("{{{pet}}}}}, {{type: array}}")),
            &of(
                "anyOf",
                &format!(
                    "{{{pet}}}}}, {{type: array}}, {{type: object, properties: {{name: {{type: string}}}}}}"
                )
            )
        ),
        "replies: `A` may now be an object with `name` as well"
    );
}

#[test]
fn bounds_of_integers_that_say_the_same_are_no_change() {
    let of = |bound: &str| format!("{{type: integer, {bound}}}");
    for (old, new) in [
        ("exclusiveMinimum: 0", "minimum: 1"),
        ("exclusiveMaximum: 10", "maximum: 9"),
        ("minimum: 0.5", "minimum: 1"),
    ] {
        assert_eq!(changed(&of(old), &of(new)), "", "{old}");
    }
    assert_ne!(
        changed(
            "{type: number, exclusiveMinimum: 0}",
            "{type: number, minimum: 1}"
        ),
        ""
    );
    assert_ne!(changed(&of("exclusiveMinimum: 0"), &of("minimum: 2")), "");
}

#[test]
fn what_is_so_already_is_no_change_where_it_is_said() {
    for (old, new) in [
        ("{type: integer}", "{type: integer, multipleOf: 1}"),
        ("{type: number, multipleOf: 1}", "{type: integer}"),
        ("{type: boolean}", "{type: boolean, enum: [true, false]}"),
        (
            "{type: object, required: [a], properties: {a: {}}}",
            "{type: object, required: [a], minProperties: 1, properties: {a: {}}}",
        ),
        (
            "{type: integer, minimum: 0, maximum: 9}",
            "{type: integer, minimum: 0, maximum: 9, format: int32}",
        ),
    ] {
        assert_eq!(changed(old, new), "", "{new}");
        assert_eq!(changed(new, old), "", "{new}");
    }
    for (old, new) in [
        ("{type: integer}", "{type: integer, multipleOf: 2}"),
        ("{type: boolean}", "{type: boolean, enum: [true]}"),
        (
            "{type: object, required: [a], properties: {a: {}}}",
            "{type: object, required: [a], minProperties: 2, properties: {a: {}}}",
        ),
        (
            "{type: integer, minimum: 0}",
            "{type: integer, minimum: 0, format: int32}",
        ),
    ] {
        assert_ne!(changed(old, new), "", "{new}");
    }
}

#[test]
fn without_servers_paths_stand_under_the_root() {
    let operation = "{get: {responses: {'200': {description: A}}}}";
    let under = api(&format!("  /x: {operation}"), "servers: [{url: /v1}]");
    let whole = api(&format!("  /v1/x: {operation}"), "");
    assert_eq!(told(&under, &whole), "");
    assert_eq!(told(&whole, &under), "");
}
