//! `counterpart check` and overlays, as a user meets them.

use crate::process::{Ended, Folder, run, start};
use crate::raw::request;
use serde_json::Value;

const SOUND: &str = "openapi: 3.1.0\ninfo: {title: Small, version: '2'}\npaths:\n  /pets/{id}:\n    \
    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      \
    responses:\n        '200':\n          description: A pet\n          content:\n            \
    application/json: {schema: {$ref: '#/components/schemas/Pet'}}\ncomponents:\n  schemas:\n    \
    Pet: {type: object, required: [id], properties: {id: {type: string}}}\n";
const OVERLAY: &str = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n";

fn check(folder: &Folder, arguments: &[&str]) -> Ended {
    run(folder.path(), &[&["check"], arguments].concat())
}

fn overlay(actions: &str) -> String {
    format!("{OVERLAY}{actions}")
}

/// What is told of a document, a line each: severity, place, message and help.
fn told(text: &str) -> String {
    told_of(&[("api.yaml", text)])
}

/// The same of a document `api.yaml` with the files that it refers to.
fn told_of(files: &[(&str, &str)]) -> String {
    let folder = Folder::of(files);
    let ended = check(&folder, &["api.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let findings = report.as_array().expect("a list").iter();
    let lines = findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or("").to_owned();
            let help = match text("help") {
                help if help.is_empty() => help,
                help => format!(" ({help})"),
            };
            let place = format!("{}:{}", finding["line"], finding["column"]);
            format!("{} {place} {}{help}", text("severity"), text("message"))
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// A document of a version whose only path answers with a schema, and what follows that.
fn document(version: &str, response: &str, rest: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        \
         '200': {{description: A, content: {{application/json: {{{response}}}}}}}\n{rest}"
    )
}

#[test]
fn a_sound_contract_is_exit_code_0_and_its_collections_are_told() {
    let folder = Folder::of(&[
        ("specs/pets.yaml", SOUND),
        ("fixtures/pets/pets.yaml", "- {id: a}\n"),
    ]);
    let ended = check(&folder, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(ended.out, @"
    collections:
      pets: GET /pets/{id} shows; by `id`; its items are those of the fixtures
    specs/pets.yaml: 1 operation, nothing wrong
    ");
}

#[test]
fn everything_wrong_is_told_at_once_errors_first_with_what_isnt_enforced_behind() {
    let document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /pets/{id}:\n    get:\n      \
        deprecated: true\n      respones: {}\n  /{kind}/all:\n    get:\n      \
        parameters: [{name: kind, in: path, required: true, schema: {type: string, example: 1}}]\n      \
        responses: {'200': {$ref: '#/components/responses/None'}}\n";
    let folder = Folder::of(&[("api.yaml", document)]);
    let ended = check(&folder, &["api.yaml"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(ended.out, @"
    error: GET /pets/{id} declares no path parameter `id`
     --> api.yaml:5:5
      |
    5 |     get:
      |     ^^^

    error: `respones` is no member of an operation
     --> api.yaml:7:7
      |
    7 |       respones: {}
      |       ^^^^^^^^
      |
      = help: did you mean `responses`?

    error: there is nothing at `#/components/responses/None`
      --> api.yaml:11:33
       |
    11 |       responses: {'200': {$ref: '#/components/responses/None'}}
       |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    warning: some requests are GET /{kind}/all and GET /pets/{id} alike: GET /pets/{id} answers them
     --> api.yaml:8:3
      |
    8 |   /{kind}/all:
      |   ^^^^^^^^^^^

    warning: this example breaks its schema: must be a string, got 1
      --> api.yaml:10:91
       |
    10 |       parameters: [{name: kind, in: path, required: true, schema: {type: string, example: 1}}]
       |                                                                                           ^

    read, and not enforced:
      `deprecated` changes nothing: what is deprecated is served like all else  api.yaml:6:7
    api.yaml: 2 operations, 3 errors, 2 warnings, 1 note
    ");
}

#[test]
fn broken_fixtures_and_rules_are_violations_and_hide_nothing_of_the_document() {
    let document = SOUND.replace("type: string}}}", "type: string, default: 5}}}");
    let folder = Folder::of(&[
        ("pets.yaml", &document),
        ("fixtures/pets/pets.yaml", "- {id: 5}\n"),
        ("fixtures/pets/rules.yaml", "operations: {nowhere: {}}\n"),
    ]);
    let ended = check(&folder, &["pets.yaml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    let lines = ended.out.lines();
    let titles: Vec<&str> = lines
        .filter(|line| line.starts_with(['e', 'w', 'p']))
        .collect();
    insta::assert_snapshot!(titles.join("\n"), @"
    error: this item breaks the contract: /id must be a string, got 5
    error: the contract has no operation `nowhere`
    warning: this default breaks its schema: must be a string, got 5
    pets.yaml: 1 operation, 2 errors, 1 warning
    ");
}

#[test]
fn strict_lets_warnings_count() {
    let document = SOUND.replace("type: string}}}", "type: string, default: 5}}}");
    let folder = Folder::of(&[("api.yaml", &document)]);
    assert_eq!(check(&folder, &["api.yaml"]).code, Some(0));
    let ended = check(&folder, &["api.yaml", "--strict"]);
    assert_eq!(ended.code, Some(1));
    let closing = ended.out.lines().last().unwrap_or("");
    assert_eq!(closing, "api.yaml: 1 operation, 1 warning");
}

#[test]
fn what_cannot_be_loaded_is_exit_code_3_and_the_rest_is_checked() {
    let folder = Folder::of(&[
        ("a.yaml", "openapi: {"),
        ("b.yaml", SOUND),
        ("c.yaml", "a: 1\n"),
    ]);
    let ended = check(&folder, &["a.yaml", "b.yaml", "c.yaml", "gone.yaml"]);
    assert_eq!(ended.code, Some(3));
    let closing = ended
        .out
        .lines()
        .filter(|line| line.contains(".yaml: ") && !line.starts_with("error"));
    insta::assert_snapshot!(closing.collect::<Vec<_>>().join("\n"), @"
    gone.yaml: can't be loaded, 1 error
    a.yaml: can't be loaded, 1 error
    b.yaml: 1 operation, nothing wrong
    c.yaml: can't be loaded, 1 error
    ");
    let usage = check(&folder, &["--format", "xml"]);
    assert_eq!((usage.code, usage.out.as_str()), (Some(2), ""));
}

#[test]
fn a_report_for_machines_is_one_json_array() {
    let document = SOUND.replace("required: [id]", "requird: [id]");
    let folder = Folder::of(&[("api.yaml", &document)]);
    let ended = check(&folder, &["api.yaml", "gone.yaml", "--format", "json"]);
    assert_eq!(ended.code, Some(3));
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    insta::assert_snapshot!(format!("{report:#}"), @r#"
    [
      {
        "severity": "error",
        "topic": "document",
        "file": "gone.yaml",
        "line": null,
        "column": null,
        "pointer": null,
        "message": "there is no such file or folder",
        "help": "name a document, or a folder of documents: counterpart api.yaml"
      },
      {
        "severity": "warning",
        "topic": "structure",
        "file": "api.yaml",
        "line": 14,
        "column": 25,
        "pointer": "/components/schemas/Pet/requird",
        "message": "`requird` is no keyword of schemas",
        "help": "did you mean `required`?"
      }
    ]
    "#);
    assert_eq!(
        check(&folder, &["api.yaml", "--format", "json", "--strict"]).code,
        Some(1)
    );
}

#[test]
fn an_overlay_changes_what_is_checked_and_what_is_served() {
    let folder = Folder::of(&[
        ("api.yaml", SOUND),
        (
            "more.yaml",
            &overlay(
                "- {target: '$.paths[\"/pets/{id}\"].get.responses[\"200\"].content[\"application/json\"]', update: {example: {id: overlaid}}}\n",
            ),
        ),
        (
            "wrong.yaml",
            &overlay(
                "- {target: $.components.schemas.Pet, update: {type: strng}}\n- {target: $.nowhere, remove: true}\n",
            ),
        ),
        (
            "broken.yaml",
            &overlay("- {target: 'paths', remove: true}\n"),
        ),
    ]);
    let overlaid = ["api.yaml", "--overlay", "more.yaml"];
    assert_eq!(
        check(&folder, &overlaid).out,
        "api.yaml: 1 operation, nothing wrong\n"
    );
    let both = check(
        &folder,
        &[
            "api.yaml",
            "--overlay",
            "more.yaml",
            "--overlay",
            "wrong.yaml",
        ],
    );
    assert_eq!(both.code, Some(1));
    assert!(
        both.out.contains("`strng` is no type of JSON Schema"),
        "{}",
        both.out
    );
    assert!(both.out.contains(" --> wrong.yaml:5:12"), "{}", both.out);
    let broken = check(&folder, &["api.yaml", "--overlay", "broken.yaml"]);
    assert_eq!(broken.code, Some(3));
    assert!(
        broken
            .out
            .contains("a JSONPath starts with `$`\n --> broken.yaml:4:13\n"),
        "{}",
        broken.out
    );
    let refused = run(folder.path(), &["api.yaml", "--overlay", "broken.yaml"]);
    assert_eq!(refused.code, Some(3));
    let server = start(folder.path(), &overlaid);
    let reply = server.send(request("GET /pets/x", "", ""));
    assert_eq!(reply.is(200).json()["id"], "overlaid");
}

#[test]
fn an_overlay_for_another_document_is_an_error() {
    let text = format!(
        "extends: other.yaml\n{}",
        overlay("- {target: $.x, remove: true}\n")
    );
    let folder = Folder::of(&[
        ("api.yaml", SOUND),
        ("other.yaml", SOUND),
        ("o.yaml", &text),
    ]);
    let ended = check(&folder, &["api.yaml", "--overlay", "o.yaml"]);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.out.contains(
            "none of the documents is the one that this overlay is for\n --> o.yaml:1:10"
        ),
        "{}",
        ended.out
    );
    let ended = check(&folder, &["api.yaml", "other.yaml", "--overlay", "o.yaml"]);
    let closing = ended.out.lines().last().unwrap_or("");
    assert_eq!(closing, "other.yaml: 1 operation, 1 warning");
}

#[test]
fn of_a_long_line_the_part_around_the_place_is_shown() {
    let text = "é".repeat(500);
    let document = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\", \
         \"description\": \"{text}\"}}, \"paths\": {{}}, \"pahts\": \"{text}\"}}"
    );
    let folder = Folder::of(&[("api.json", &document)]);
    let ended = check(&folder, &["api.json"]);
    insta::assert_snapshot!(ended.out, @r#"
    error: `pahts` is no member of a document
     --> api.json:1:594
      |
    1 | éééééééééééé"}, "paths": {}, "pahts": "ééééééééééééééééééééééééééééééééééééééééééééééééééééééé
      |                              ^^^^^^^
      |
      = help: did you mean `paths`?

    api.json: 0 operations, 1 error
    "#);
}

#[test]
fn what_operations_say_that_is_wrong_but_clear_is_an_error_told_once() {
    let security = "security: [{nope: []}]\ncomponents: {schemas: {}}\n";
    assert_eq!(
        told(&document("3.1.0", "schema: {}", security)),
        "error 8:19 there is no security scheme `nope`: it is not asked for"
    );
    let both = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      parameters:\n      \
        - {name: a, in: query, style: from, schema: {}, content: {text/plain: {}}}\n      \
        responses: {'200': {description: A}}\n";
    insta::assert_snapshot!(told(both), @"
    error 7:30 `style` is for a `schema`: a `content` is written as its media type says
    error 7:55 `schema` and `content` exclude each other
    ");
}

#[test]
fn a_dynamic_anchor_that_stands_twice_in_one_resource_is_a_warning() {
    let twice = |id: &str| {
        format!(
            "components:\n  schemas:\n    A: {{$dynamicAnchor: item}}\n    \
             B: {{{id}$dynamicAnchor: item}}\n"
        )
    };
    let said = told(&document("3.1.0", "schema: {}", &twice("")));
    assert!(
        said.contains(
            "`item` is the `$dynamicAnchor` of /components/schemas/A too: every `$dynamicRef` \
             leads there"
        ),
        "{said}"
    );
    assert!(said.starts_with("warning"), "{said}");
    let apart = twice("$id: 'https://example.com/b', ");
    assert_eq!(told(&document("3.1.0", "schema: {}", &apart)), "");
}

#[test]
fn a_pattern_that_is_loosened_is_a_warning() {
    let schema = "schema: {type: string, pattern: '^.{0,262144}$'}";
    assert_eq!(
        told(&document("3.1.0", schema, "")),
        "warning 7:94 this pattern is too large: its counts above 1,000 are no bounds here"
    );
}

#[test]
fn counts_within_counts_are_loosened_too() {
    let schema =
        "schema: {type: object, properties: {a: {type: string, pattern: '^(a{1000}){1000}$'}}}";
    let told = told(&document("3.1.0", schema, ""));
    let loosened = "this pattern is too large: its counts above 100 are no bounds here";
    assert!(told.contains(loosened), "{told}");
}

#[test]
fn a_property_that_nothing_can_be_is_a_warning() {
    let schema = "schema: {type: object, properties: {a: {type: string, pattern: '^(?=a)b$'}, b: {not: {}}}}";
    assert_eq!(
        told(&document("3.1.0", schema, "")),
        "warning 7:101 no value was found for this property: samples are without it"
    );
}

#[test]
fn requests_that_nothing_can_be_are_a_warning_as_replies_are() {
    let path = "  /b:\n    post:\n      parameters:\n        \
        - {name: p, in: query, schema: {type: string, enum: [1, 2]}}\n      requestBody:\n        \
        content:\n          application/json:\n            \
        schema: {type: object, required: [y], additionalProperties: false, properties: {z: {}}}\n      \
        responses: {'200': {description: A}}\n      callbacks:\n        c:\n          \
        http://localhost/a:\n            post: {requestBody: {content: {application/json: \
        {schema: {type: string, pattern: '^a$', maxLength: 0}}}}}\nwebhooks:\n  w: {post: {requestBody: \
        {content: {application/json: {schema: {not: {}}}}}}}\n";
    insta::assert_snapshot!(told(&document("3.1.0", "schema: {}", path)), @r#"
    warning 11:40 no value was found that this schema lets pass: its demands contradict each other
    warning 15:21 no value was found that this schema lets pass: its demands contradict each other
    warning 20:71 no value was found that this schema lets pass: no text of 0 to 0 characters was found that matches "^a$"
    warning 22:65 no value was found that this schema lets pass: its demands contradict each other
    "#);
}

#[test]
fn a_schema_that_no_operation_has_is_looked_at_too() {
    let unused = "components:\n  schemas:\n    \
        A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/B'}}}\n    \
        B: {type: string, pattern: '^a$', maxLength: 0}\n    \
        C: {$ref: '#/components/schemas/B'}\n";
    insta::assert_snapshot!(told(&document("3.1.0", "schema: {}", unused)), @r#"
    warning 10:8 no value was found that this schema lets pass: no text of 0 to 0 characters was found that matches "^a$"
    warning 11:8 no value was found that this schema lets pass: no text of 0 to 0 characters was found that matches "^a$"
    "#);
}

#[test]
fn of_a_great_many_webhooks_what_contradicts_itself_is_told() {
    let webhook = |number| {
        format!(
            "  w{number}: {{post: {{requestBody: {{content: {{application/json: {{schema: {{not: {{}}}}}}}}}}}}}}\n"
        )
    };
    let webhooks: String = (0..60).map(webhook).collect();
    let told = told(&document(
        "3.1.0",
        "schema: {}",
        &format!("webhooks:\n{webhooks}"),
    ));
    assert_eq!(told.lines().count(), 60, "{told}");
}

#[test]
fn an_example_in_a_file_of_its_own_is_judged_too() {
    let schema = "schema: {type: object, properties: {a: {type: string}}}, ";
    let examples =
        "examples: {one: {externalValue: one.json}, two: {$ref: '#/components/examples/two'}}";
    let rest = "components: {examples: {two: {value: {a: 2}}}}\n";
    let text = document("3.1.0", &format!("{schema}{examples}"), rest);
    let files = [("api.yaml", &*text), ("one.json", "{\"a\": 1}")];
    insta::assert_snapshot!(told_of(&files), @"
    warning 7:151 this example breaks its schema: /a must be a string, got 1 (another reply is sent in its stead)
    warning 8:42 this example breaks its schema: /a must be a string, got 2 (another reply is sent in its stead)
    ");
}

#[test]
fn an_example_that_is_sent_as_it_is_written_is_read_before_it_is_judged() {
    let of = |example: &str| {
        let schema = "schema: {type: object, properties: {a: {type: string}}}, ";
        told(&document(
            "3.1.0",
            &format!("{schema}example: '{example}'"),
            "",
        ))
    };
    assert_eq!(of(r#"{"a": "text"}"#), "");
    assert_eq!(
        of(r#"{"a": 1}"#),
        "warning 7:128 this example breaks its schema: /a must be a string, got 1 \
         (another reply is sent in its stead)"
    );
}

#[test]
fn a_path_parameter_may_be_declared_in_another_file() {
    let path = |name: &str| {
        format!(
            "  /{name}/{{id}}:\n    get:\n      parameters: [{{$ref: 'shared.yaml#/{name}'}}]\n      \
            responses: {{'200': {{description: A}}}}\n"
        )
    };
    let text = document(
        "3.1.0",
        "schema: {}",
        &(path("id") + &path("other") + &path("nowhere")),
    );
    let shared = "id: {name: id, in: path, required: true, schema: {}}\n\
        other: {name: other, in: query, schema: {}}\n";
    insta::assert_snapshot!(told_of(&[("api.yaml", &text), ("shared.yaml", shared)]), @"
    error 13:5 GET /other/{id} declares no path parameter `id`
    error 18:27 there is nothing at `shared.yaml#/nowhere`
    ");
}

#[test]
fn of_a_default_3_0_demands_the_type_at_its_root_alone() {
    let schemas = "components:\n  schemas:\n    Type: {type: integer, default: a}\n    \
        Enum: {type: string, enum: [a], default: b}\n    \
        Required: {type: object, required: [a], default: {}}\n    \
        Inner: {type: object, properties: {a: {type: string}}, default: {a: 1}}\n    \
        Format: {type: string, format: date, default: tomorrow}\n";
    insta::assert_snapshot!(told(&document("3.0.4", "schema: {}", schemas)), @r#"
    error 10:36 this default breaks its schema: must be an integer, got the string "a"
    warning 11:46 this default breaks its schema: must be a, got "b"
    warning 12:54 this default breaks its schema: /a is required
    warning 13:73 this default breaks its schema: /a must be a string, got 1
    warning 14:51 this default breaks its schema: must be a date like 2024-01-20, got "tomorrow"
    "#);
    insta::assert_snapshot!(told(&document("3.1.0", "schema: {}", schemas)), @r#"
    warning 10:36 this default breaks its schema: must be an integer, got the string "a"
    warning 11:46 this default breaks its schema: must be a, got "b"
    warning 12:54 this default breaks its schema: /a is required
    warning 13:73 this default breaks its schema: /a must be a string, got 1
    warning 14:51 this default breaks its schema: must be a date like 2024-01-20, got "tomorrow"
    "#);
}

#[test]
fn identical_paths_are_an_error_and_ambiguous_ones_a_warning() {
    let operation = |name: &str| {
        format!(
            "{{get: {{parameters: [{{name: {name}, in: path, required: true, schema: {{}}}}], \
             responses: {{'200': {{description: A}}}}}}}}"
        )
    };
    let (a, b) = (operation("a"), operation("b"));
    let text = format!(
        "info: {{title: T, version: '1'}}\npaths:\n  /c/{{a}}: {a}\n  /c/{{b}}: {b}\n  \
         /{{a}}/d: {a}\n  /c/{{b}}/e: {{}}\n  /c/{{a}}/e: {{}}\n"
    );
    insta::assert_snapshot!(told(&format!("openapi: 3.1.0\n{text}")), @"
    error 5:3 /c/{b} is the same path as /c/{a}, with other names
    error 8:3 /c/{a}/e is the same path as /c/{b}/e, with other names
    warning 6:3 some requests are GET /{a}/d and GET /c/{a} alike: GET /c/{a} answers them
    ");
}

#[test]
fn mappings_and_links_that_lead_nowhere_are_warnings() {
    let rest = "components:\n  schemas:\n    Dog: {type: object}\n    Pet:\n      oneOf: [{$ref: '#/components/schemas/Dog'}]\n      \
        discriminator:\n        propertyName: kind\n        mapping:\n          a: '#/components/schemas/Dog'\n          \
        b: Dog\n          c: '#/components/schemas/Nope'\n          d: nofile.yaml\n          e: Nope\n          \
        f: https://example.com/dog.yaml\n          g: api.yaml#/components/schemas/Dog\n  links:\n    \
        a: {operationId: getA}\n    b: {operationId: getB}\n    c: {operationRef: '#/paths/~1a/get'}\n    \
        d: {operationRef: '#/paths/~1b/get'}\n    e: {operationRef: 'https://example.com/#/paths/~1b/get'}\n";
    let text = document("3.1.0", "schema: {}", rest);
    let text = text.replace("    get:\n", "    get:\n      operationId: getA\n");
    insta::assert_snapshot!(told(&text), @"
    warning 19:14 there is nothing at `#/components/schemas/Nope`
    warning 20:14 there is nothing at `nofile.yaml`
    warning 21:14 the components have no schema `Nope`
    warning 26:22 no operation has the operationId `getB`
    warning 28:23 there is nothing at `#/paths/~1b/get`
    ");
}

#[test]
fn what_no_media_type_or_header_field_can_carry_is_told() {
    let text = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: A
          headers:
            X-Break: {schema: {const: \"a\\r\\nb\"}}
            X-Fine: {schema: {type: string}}
          content:
            application/xml: {schema: {const: \"a\\u0001\"}}
            text/plain; charset=us-ascii: {schema: {const: é}}
            application/json: {schema: {const: \"a\\u0001\"}}
            application/vnd.rows: {schema: {type: array, items: {type: string}}}
";
    insta::assert_snapshot!(told(text), @r#"
    warning 10:22 no reply has a valid header field X-Break: no header field can carry its value "a\r\nb"
    warning 13:30 no sample for api.yaml:13 that application/xml can carry: what is read from it must be "a\u0001", got "a�"
    warning 14:43 no sample for api.yaml:14 that text/plain; charset=us-ascii can carry: the body of api.yaml:14 can't be written: this text has characters that us-ascii lacks
    "#);
    let folder = Folder::of(&[("api.yaml", text)]);
    let ended = check(&folder, &["api.yaml"]);
    assert!(
        ended
            .out
            .contains("counterpart doesn't write application/vnd.rows"),
        "{}",
        ended.out
    );
}

#[test]
fn an_info_that_is_missing_is_told_once() {
    assert_eq!(
        told("openapi: 3.1.0\npaths: {}\n"),
        "error 1:1 a document needs `info`"
    );
    assert_eq!(
        told("openapi: 3.1.0\ninfo: {title: T}\npaths: {}\n"),
        "error 2:1 the info needs `version`"
    );
}

#[test]
fn a_null_in_a_list_of_types_is_told_once_with_what_mends_it() {
    let text = document("3.1.0", "schema: {type: [string, null]}", "");
    insta::assert_snapshot!(told(&text), @r#"
    error 7:86 a type's name is expected here, this is null (write "null" in quotes)
    "#);
}

#[test]
fn an_example_that_shows_what_the_other_side_alone_sends_is_a_warning() {
    let example = "{id: '1', secret: s, all: [{secret: s}]}";
    let rest = format!(
        "    post:\n      requestBody:\n        content:\n          application/json:\n            \
         schema: {{$ref: '#/components/schemas/User'}}\n            example: {example}\n      \
         responses: {{'201': {{description: A}}}}\ncomponents:\n  schemas:\n    User:\n      \
         properties:\n        id: {{type: string, readOnly: true}}\n        secret: {{type: string, writeOnly: true}}\n        \
         all: {{type: array, items: {{$ref: '#/components/schemas/User'}}}}\n      example: {example}\n"
    );
    let response = format!("schema: {{$ref: '#/components/schemas/User'}}, example: {example}");
    insta::assert_snapshot!(told(&document("3.1.0", &response, &rest)), @"
    warning 7:126 `secret` is sent by the client alone
    warning 7:144 `secret` is sent by the client alone
    warning 13:23 `id` is sent by the server alone
    ");
}

#[test]
fn what_references_bring_from_other_files_is_held_against_what_they_stand_for() {
    let rest = "    parameters: [{$ref: 'parts.yaml#/parameters/0'}]\ncomponents:\n  schemas:\n    \
        Old: {$ref: old.json}\n    Pet: {$ref: 'parts.yaml#/pet'}\n";
    let parts = "parameters:\n- {name: a, in: query, style: from, schema: {}}\nnothing: {type: strng}\n\
        pet: {type: object, requird: [a], properties: {tag: {$ref: '#/tag'}, own: {$ref: '#/pet'}}}\n\
        tag: {typ: string, minLength: -1, items: {$ref: 'api.yaml#/components/schemas/Pet'}}\n";
    let folder = Folder::of(&[
        ("api.yaml", &document("3.1.0", "schema: {}", rest)),
        ("parts.yaml", parts),
        (
            "old.json",
            r#"{"$schema": "http://json-schema.org/draft-04/schema#", "exclusiveMinimum": true}"#,
        ),
    ]);
    let ended = check(&folder, &["api.yaml"]);
    let lines = ended.out.lines();
    let told = lines.filter(|line| line.starts_with(['e', 'w', 'a']) || line.contains("-->"));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    error: the style of a query parameter is form, spaceDelimited, pipeDelimited, deepObject, not `from`
     --> parts.yaml:2:31
    error: a whole number, 0 or more, is expected here, this is -1
     --> parts.yaml:5:31
    warning: `requird` is no keyword of schemas
     --> parts.yaml:4:21
    warning: `typ` is no keyword of schemas
     --> parts.yaml:5:7
    api.yaml: 1 operation, 2 errors, 2 warnings
    ");
}

/// An example that is written out in its media type is read as a body of it is.
#[test]
fn an_example_that_is_no_body_of_its_media_type_is_a_warning() {
    let pet = "{type: object, xml: {name: pet}, properties: {id: {type: integer}}}";
    let rest = format!(
        "    post:\n      responses:\n        '200':\n          description: A\n          content:\n            \
         application/xml: {{schema: {pet}, example: <pet><id>7</id></pet>}}\n            \
         text/xml: {{schema: {pet}, example: <dog/>}}\n            \
         text/csv: {{schema: {{type: array, items: {pet}}}, example: \"id\\nx\\n\"}}\n"
    );
    insta::assert_snapshot!(told(&document("3.1.0", "schema: {}", &rest)), @r#"
    warning 14:110 this example breaks its schema: has the root element <dog>, not <pet> (another reply is sent in its stead)
    warning 15:132 this example breaks its schema: /0/id must be an integer, got the string "x" (another reply is sent in its stead)
    "#);
}

/// A baseline would let an example become worse, where only its first fault is told.
#[test]
fn every_fault_of_an_example_is_told() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: A
          content:
            application/json:
              schema: {type: object, properties: {a: {type: integer}, b: {type: integer}}}
              example: {a: x, b: y}
";
    let folder = Folder::of(&[("api.yaml", document)]);
    let ended = run(folder.path(), &["check", "api.yaml", "--format", "github"]);
    for at in ["/a must be an integer", "/b must be an integer"] {
        assert!(ended.out.contains(at), "{}", ended.out);
    }
}

#[test]
fn one_error_of_fixtures_or_rules_hides_no_other() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
    put:
      operationId: putPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas: {Pet: {type: object, properties: {id: {type: string}, age: {type: integer}}}}
";
    let rules = "
operations:
  putPet:
    require:
      - {that: nxt.age > 1, message: unknown}
      - {that: next.age > 'x', message: mistyped}
      - {that: next.agee > 1, message: misspelt}
";
    let folder = Folder::of(&[
        ("specs/pets.yaml", document),
        ("fixtures/pets/pets.yaml", "[{id: a, age: old}]"),
        ("fixtures/pets/rules.yaml", rules),
    ]);
    let ended = run(folder.path(), &["check"]);
    for told in [
        "no variable `nxt`",
        "an integer has no order with a string",
        "no schema has a property `agee`",
        "/age must be an integer",
    ] {
        assert!(ended.out.contains(told), "{told} in {}", ended.out);
    }
}

#[test]
fn fixtures_of_a_list_are_judged_though_no_path_shows_one_item() {
    let pet = "{type: object, required: [id, age], properties: {id: {type: string}, age: {type: integer}}}";
    for list in [
        format!("{{type: array, items: {pet}}}"),
        format!("{{type: object, properties: {{data: {{type: array, items: {pet}}}}}}}"),
    ] {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /pets:\n    get: {{responses: {{'200': {{description: A, content: {{application/json: {{schema: {list}}}}}}}}}}}\n    post:\n      requestBody: {{content: {{application/json: {{schema: {pet}}}}}}}\n      responses: {{'201': {{description: A, content: {{application/json: {{schema: {pet}}}}}}}}}\n"
        );
        let folder = Folder::of(&[
            ("specs/pets.yaml", text.as_str()),
            ("fixtures/pets/pets.yaml", "- {id: p1, age: x}\n"),
        ]);
        let ended = check(&folder, &["specs/pets.yaml"]);
        assert_eq!(ended.code, Some(1), "{}{}", ended.out, ended.err);
        let told = "this item breaks the contract: /age must be an integer";
        assert!(ended.out.contains(told), "{}{}", ended.out, ended.err);
    }
}

/// What no client can read as it was sent is told of, without a word on who is to mend it.
#[test]
fn what_is_sent_as_one_thing_and_shown_as_another_is_noted() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /places:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {lat: {type: string}, kind: {enum: [a, b]}, name: {type: string}}}}}}
      responses: {'201': {description: New, content: {application/json: {schema: &it {type: object, properties: {id: {type: string}, lat: {type: number}, kind: {enum: [A, B]}, name: {type: string}}}}}}}
  /places/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: *it}}}}}
";
    let folder = Folder::of(&[("specs/t.yaml", document)]);
    let ended = check(&folder, &["specs/t.yaml"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
    for told in [
        "what is sent as `lat` can't be shown: its type is string there, and number in replies",
        "what is sent as `kind` can't be shown: none of its values is among those that are shown",
    ] {
        assert!(ended.out.contains(told), "{}", ended.out);
    }
    assert!(!ended.out.contains("`name`"), "{}", ended.out);
}

/// A list that is only read shows the items of its file; what nothing shows is told of.
#[test]
fn fixtures_of_a_list_that_is_only_read_are_served_and_others_told_of() {
    let document = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: A, content: {application/json: {schema: {type: array, items: {type: object, required: [id, age], properties: {id: {type: string}, age: {type: integer}}}}}}}}}
  /me:
    get: {responses: {'200': {description: A, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}}}
";
    let pets = "[{id: p1, age: 7}, {id: p2, age: 9}]";
    let folder = Folder::of(&[
        ("specs/t.yaml", document),
        ("fixtures/t/pets.yaml", pets),
        ("fixtures/t/me.yaml", "{name: Ada}"),
    ]);
    let host =
        counterpart::host::Host::load(&[folder.path().join("specs/t.yaml")]).expect("a host");
    let get = |path: &str| {
        host.answer(counterpart::wire::Request::new(
            counterpart::wire::Method::GET,
            path,
        ))
    };
    assert_eq!(
        get("/pets").reply.body,
        r#"[{"id":"p1","age":7},{"id":"p2","age":9}]"#
    );
    assert_eq!(get("/me").reply.body, r#"{"name":"Ada"}"#);

    let folder = Folder::of(&[
        ("specs/t.yaml", document),
        ("fixtures/t/pets.yaml", "[{id: p1, age: old}]"),
        ("fixtures/t/cats.yaml", pets),
    ]);
    let ended = check(&folder, &["specs/t.yaml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    for told in [
        "this item breaks the contract: /age must be an integer",
        "no path shows the items of cats: they are never sent",
    ] {
        assert!(ended.out.contains(told), "{}", ended.out);
    }
}
