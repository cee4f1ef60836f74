//! Coverage: what of the contracts was sent, and what not.

use crate::process::checkout;
use crate::raw::{self, Answer, Served, request};
use counterpart::contract::{AuthMode, AuthSettings, Contract, Loading};
use counterpart::host::Host;
use counterpart::server::{Limits, ServerConfig, control_document};
use serde_json::{Value, json};
use std::sync::Arc;

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, default: 20}}
        - {name: status, in: query, schema: {enum: [sold, free]}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        '200': {description: All, content: {application/json: {schema: {type: array, items: &pet {$ref: '#/components/schemas/Pet'}}, example: [{name: Rex, tag: null}]}}}
        '404': {description: None}
    post:
      requestBody: {required: true, content: {application/json: {schema: *pet}, text/plain: {}}}
      responses: {'201': {description: Added}}
  /toys:
    get: {responses: {'204': {description: None}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        id: {type: integer, readOnly: true}
        secret: {type: string, writeOnly: true}
        name: {type: string, minLength: 1}
        tag: {type: [string, 'null']}
        mother: {$ref: '#/components/schemas/Pet'}
        home: {oneOf: [{type: object, required: [street], properties: {street: {type: string}}}, {type: string}]}
";

const JSON: &str = "Content-Type: application/json\r\n";

fn serve(document: &str, config: ServerConfig) -> Served {
    let contract = Contract::from_text("pets.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    raw::serve(Arc::new(host), config)
}

fn mock() -> Served {
    serve(DOCUMENT, ServerConfig::default())
}

fn ask(served: &Served, line: &str, fields: &str, body: &str) -> Answer {
    let fields = format!("{fields}Connection: close\r\n");
    served.send(request(line, &fields, body))
}

fn coverage(served: &Served) -> Value {
    ask(served, "GET /_counterpart/coverage", "", "")
        .is(200)
        .json()
}

/// The points of an operation that aren't covered, in words.
fn uncovered(coverage: &Value, operation: &str) -> Vec<String> {
    let all = coverage["apis"][0]["uncovered"].as_array().expect("points");
    let own = all.iter().filter(|point| point["operation"] == operation);
    own.map(|point| point["what"].as_str().expect("words").to_owned())
        .collect()
}

fn share(coverage: &Value, kind: &str) -> (u64, u64) {
    let kinds = coverage["apis"][0]["kinds"].as_array().expect("kinds");
    let own = kinds.iter().find(|own| own["kind"] == kind).expect("it");
    let number = |name: &str| own[name].as_u64().expect("a number");
    (number("covered"), number("all"))
}

#[test]
fn operations_that_nobody_asked_for_are_one_point_each() {
    let served = mock();
    let none = coverage(&served);
    assert_eq!(
        none["apis"][0]["total"],
        json!({"covered": 0, "all": 3, "percent": 0.0})
    );
    assert_eq!(
        none["apis"][0]["uncovered"][2],
        json!({"operation": "GET /toys", "kind": "operation", "what": "GET /toys", "source": "pets.yaml:18"})
    );
    ask(&served, "GET /toys", "", "").is(204);
    ask(&served, "GET /toys", "", "").is(204);
    ask(&served, "GET /dogs", "", "").is(404);
    let some = coverage(&served);
    assert_eq!(some["exchanges"], 3);
    assert_eq!(
        some["apis"][0]["operations"],
        json!([{"operation": "GET /toys", "count": 2}])
    );
    assert_eq!(
        some["apis"][0]["total"],
        json!({"covered": 2, "all": 4, "percent": 50.0})
    );
}

#[test]
fn a_sandbox_has_coverage_of_its_own() {
    let served = mock();
    let of = |name: &str| {
        let line = format!("GET /_counterpart/coverage?sandbox={name}");
        let told = ask(&served, &line, "", "").is(200).json();
        (
            told["exchanges"].clone(),
            told["apis"][0]["operations"].clone(),
        )
    };
    ask(&served, "GET /@one/toys", "", "").is(204);
    ask(&served, "GET /@two/pets", "", "").is(200);
    ask(&served, "GET /toys", "", "").is(204);
    assert_eq!(coverage(&served)["exchanges"], 3);
    let toys = json!([{"operation": "GET /toys", "count": 1}]);
    assert_eq!(of("one"), (json!(1), toys));
    assert_eq!(of("none"), (json!(0), json!([])));
    ask(&served, "DELETE /_counterpart/coverage", "", "").is(204);
    assert_eq!(of("one"), (json!(0), json!([])));
    ask(&served, "GET /_counterpart/coverage?sandbox=a%20b", "", "").problem(422);
}

#[test]
fn what_undeclared_properties_are_is_one_point_with_what_is_below_it() {
    let document = DOCUMENT.replace(
        "        tag: {type: [string, 'null']}\n",
        "        tag: {type: [string, 'null']}\n        names: {type: object, additionalProperties: {type: object, properties: {text: {type: string}, kind: {enum: [short, long]}}}}\n",
    );
    let served = serve(&document, ServerConfig::default());
    let post = |body: &str| ask(&served, "POST /pets", JSON, body).is(201);
    post(r#"{"name": "Rex", "names": {}}"#);
    let below = |coverage: &Value| {
        let mut points = uncovered(coverage, "POST /pets");
        points.retain(|point| point.starts_with("application/json /names/"));
        points
    };
    let all = [
        "application/json /names/*",
        "application/json /names/*/text",
        "application/json /names/*/text absent",
        "application/json /names/*/kind",
        "application/json /names/*/kind absent",
        "application/json /names/*/kind = \"short\"",
        "application/json /names/*/kind = \"long\"",
    ];
    assert_eq!(below(&coverage(&served)), all);
    post(r#"{"name": "Rex", "names": {"en": {"text": "Rex", "kind": "short"}, "de": {}}}"#);
    assert_eq!(below(&coverage(&served)), all[6..]);
}

#[test]
fn parameters_count_as_sent_and_as_left_out() {
    let served = mock();
    ask(&served, "GET /pets?status=sold", "", "").is(200);
    let request = |coverage: &Value| {
        let mut points = uncovered(coverage, "GET /pets");
        points.retain(|point| !point.starts_with(['2', '4']));
        points
    };
    let expected = [
        "query limit",
        "query status absent",
        "query status = \"free\"",
        "header X-Trace",
    ];
    assert_eq!(request(&coverage(&served)), expected);
    // What breaks the contract doesn't count.
    ask(
        &served,
        "GET /pets?limit=x&status=free",
        "X-Trace: 1\r\n",
        "",
    )
    .is(422);
    assert_eq!(request(&coverage(&served)), expected);
    // Its default is sent as well as another value.
    ask(&served, "GET /pets?limit=20", "X-Trace: 1\r\n", "").is(200);
    assert_eq!(request(&coverage(&served)), ["query status = \"free\""]);
}

#[test]
fn properties_count_with_a_value_as_null_and_left_out() {
    let served = mock();
    let add = |body: Value| {
        ask(&served, "POST /pets", JSON, &body.to_string()).is(201);
    };
    add(json!({"name": "Rex", "home": {"street": "x"}}));
    let of = "application/json ";
    assert_eq!(
        uncovered(&coverage(&served), "POST /pets"),
        [
            &format!("{of}/secret"),
            &format!("{of}/tag"),
            &format!("{of}/tag null"),
            &format!("{of}/mother"),
            &format!("{of}/home absent"),
            &format!("{of}/home oneOf/1"),
            "text/plain",
        ]
    );
    add(json!({"name": "Mia", "tag": null, "secret": "s", "mother": {"name": "Ida"}}));
    add(json!({"name": "Mia", "tag": "a", "home": "x"}));
    ask(&served, "POST /pets", "Content-Type: text/plain\r\n", "x").is(201);
    let all = coverage(&served);
    assert_eq!(uncovered(&all, "POST /pets"), [""; 0]);
    assert_eq!(share(&all, "requestMediaType"), (2, 2));
    assert_eq!(share(&all, "branch"), (2, 2));
}

#[test]
fn replies_count_by_status_media_type_and_what_they_say() {
    let served = mock();
    ask(&served, "GET /pets", "", "").is(200);
    let of = "200 application/json /*";
    let mut points = uncovered(&coverage(&served), "GET /pets");
    points.retain(|point| point.starts_with(['2', '4']));
    assert_eq!(
        points,
        [
            format!("{of}/id"),
            format!("{of}/tag"),
            format!("{of}/tag absent"),
            format!("{of}/mother"),
            format!("{of}/home"),
            format!("{of}/home oneOf/0"),
            format!("{of}/home oneOf/1"),
            format!("{of}/home/street"),
            "404".to_owned(),
        ]
    );
    ask(&served, "GET /pets", "Prefer: code=404\r\n", "").is(404);
    assert_eq!(share(&coverage(&served), "status"), (2, 2));
}

#[test]
fn it_is_reset_and_its_list_is_as_long_as_it_is_asked_for() {
    let served = mock();
    ask(&served, "GET /pets", "", "").is(200);
    let short = ask(
        &served,
        "GET /_counterpart/coverage?api=pets&limit=2",
        "",
        "",
    )
    .is(200)
    .json();
    let api = &short["apis"][0];
    assert_eq!(api["uncovered"].as_array().map(Vec::len), Some(2));
    let (covered, all) = (&api["total"]["covered"], &api["total"]["all"]);
    let left = all.as_u64().expect("a number") - covered.as_u64().expect("a number");
    assert_eq!(api["omitted"], left - 2);
    let before = coverage(&served);
    ask(&served, "DELETE /_counterpart/journal", "", "").is(204);
    assert_eq!(
        coverage(&served),
        before,
        "what is forgotten was sent all the same"
    );
    ask(&served, "DELETE /_counterpart/coverage", "", "").is(204);
    let none = coverage(&served);
    assert_eq!(
        (&none["exchanges"], &none["apis"][0]["total"]["covered"]),
        (&json!(0), &json!(0))
    );
    ask(&served, "GET /_counterpart/coverage?api=pet", "", "").problem(404);
    ask(&served, "GET /_counterpart/coverage?limit=-1", "", "").problem(422);
}

#[test]
fn what_the_journal_is_told_to_forget_counts_first() {
    let served = mock();
    ask(&served, "GET /toys", "", "").is(204);
    ask(&served, "DELETE /_counterpart/journal", "", "").is(204);
    let told = coverage(&served);
    assert_eq!((&told["exchanges"], &told["lost"]), (&json!(1), &json!(0)));
}

#[test]
fn what_the_journal_gave_up_or_cut_is_told() {
    let limits = Limits {
        journal: 3,
        journal_body: 8,
        ..Limits::default()
    };
    let served = serve(
        DOCUMENT,
        ServerConfig {
            limits,
            ..ServerConfig::default()
        },
    );
    for _ in 0..5 {
        ask(&served, "POST /pets", JSON, r#"{"name": "Rex"}"#).is(201);
    }
    let told = coverage(&served);
    assert_eq!((&told["lost"], &told["exchanges"]), (&json!(2), &json!(3)));
    assert_eq!(told["apis"][0]["unread"], 0);
    let limits = Limits {
        journal: 0,
        ..Limits::default()
    };
    let served = serve(
        DOCUMENT,
        ServerConfig {
            limits,
            ..ServerConfig::default()
        },
    );
    ask(&served, "GET /_counterpart/coverage", "", "").problem(404);
    ask(&served, "DELETE /_counterpart/coverage", "", "").problem(404);
}

#[test]
fn a_body_that_the_journal_cuts_counts_whole_where_there_is_room_for_it() {
    let served = mock();
    let long = "x".repeat(100_000);
    let body = json!({"name": long, "tag": null}).to_string();
    ask(&served, "POST /pets", JSON, &body).is(201);
    let told = coverage(&served);
    assert_eq!(told["apis"][0]["unread"], 0);
    let points = uncovered(&told, "POST /pets");
    assert!(
        !points.contains(&"application/json /tag null".to_owned()),
        "{points:?}"
    );
    // A second look counts nothing twice.
    assert_eq!(coverage(&served), told);
    let huge = json!({"name": "x".repeat(9_000_000)}).to_string();
    ask(&served, "POST /pets", JSON, &huge).is(201);
    assert_eq!(coverage(&served)["apis"][0]["unread"], 1);
}

#[test]
fn much_is_counted_as_it_comes_and_little_is_lost() {
    let served = serve(DOCUMENT, ServerConfig::default());
    let mut stream = served.connect();
    use std::io::Write;
    for _ in 0..1_200 {
        stream
            .write_all(request("GET /toys", "", "").as_bytes())
            .expect("sent");
        raw::read_reply(&mut stream).is(204);
    }
    let told = coverage(&served);
    assert_eq!(
        (&told["lost"], &told["exchanges"]),
        (&json!(0), &json!(1_200))
    );
}

#[test]
fn a_schema_that_never_ends_or_is_huge_is_counted_within_bounds() {
    let properties: Vec<String> = (0..3_000)
        .map(|n| format!("p{n}: {{type: string}}"))
        .collect();
    let document = format!(
        "openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /huge: {{post: {{requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {{{}}}}}}}}}}}, responses: {{'204': {{description: x}}}}}}}}
  /deep: {{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}, responses: {{'204': {{description: x}}}}}}}}
components:
  schemas:
    A: {{type: object, properties: {{b: {{$ref: '#/components/schemas/B'}}, c: {{$ref: '#/components/schemas/A'}}}}}}
    B: {{type: object, properties: {{a: {{$ref: '#/components/schemas/A'}}, b: {{$ref: '#/components/schemas/B'}}}}}}
",
        properties.join(", ")
    );
    let served = serve(&document, ServerConfig::default());
    ask(&served, "POST /huge", JSON, r#"{"p2999": "x"}"#).is(204);
    let deep = (0..100).fold(json!({}), |inner, _| json!({"c": inner}));
    ask(&served, "POST /deep", JSON, &deep.to_string()).is(204);
    let told = coverage(&served);
    assert_eq!(told["apis"][0]["cut"], json!(["POST /huge"]));
    assert!(share(&told, "requestProperty").1 < 2_100);
}

#[test]
fn rules_that_refuse_are_counted_by_their_place() {
    let loading = Loading {
        auth: AuthSettings {
            mode: AuthMode::Off,
            ..AuthSettings::default()
        },
        ..Loading::default()
    };
    let documents = [checkout().join("specs/appointments.yaml")];
    let host = Host::load_with(&documents, &loading).unwrap_or_else(|e| panic!("{e}"));
    let served = raw::serve(Arc::new(host), ServerConfig::default());
    let line = "PUT /api/v2/appointments/1610c525-f19a-40d0-8cd1-03daba3d2d98";
    for _ in 0..2 {
        ask(&served, line, JSON, r#"{"lang": "en_US"}"#).is(422);
    }
    let told = coverage(&served);
    let rules = told["apis"][0]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert_eq!(rules[0]["count"], 2, "{rules:?}");
    let place = rules[0]["source"].as_str().expect("a place");
    assert!(
        place.contains("fixtures/appointments/rules.yaml:"),
        "{place}"
    );
}

#[test]
fn its_replies_are_those_of_its_document() {
    let served = mock();
    ask(&served, "GET /pets", "", "").is(200);
    let document: Value = serde_json::from_str(control_document()).expect("JSON");
    let operation = &document["paths"]["/_counterpart/coverage"]["get"];
    for (line, status, media_type) in [
        ("GET /_counterpart/coverage", 200, "application/json"),
        (
            "GET /_counterpart/coverage?api=x",
            404,
            "application/problem+json",
        ),
        (
            "GET /_counterpart/coverage?apis=x",
            422,
            "application/problem+json",
        ),
    ] {
        let answer = ask(&served, line, "", "").is(status);
        assert_eq!(answer.field("content-type"), Some(media_type));
        let response = &operation["responses"][status.to_string()];
        let mut schema = response["content"][media_type]["schema"].clone();
        schema["components"] = document["components"].clone();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors = validator
            .iter_errors(&answer.json())
            .map(|e| e.to_string())
            .collect::<Vec<_>>();
        assert!(errors.is_empty(), "{line}: {errors:?}");
    }
}

/// The mask of a secret makes the body that the journal keeps shorter, and cuts nothing off it.
#[test]
fn a_body_with_a_secret_counts_as_any_other() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /users:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                password: {type: string}
                role: {enum: [admin, guest]}
      responses: {'204': {description: Done}}
";
    let served = serve(document, ServerConfig::default());
    let body = r#"{"password": "a very long one indeed", "role": "admin"}"#;
    ask(&served, "POST /users", JSON, body).is(204);
    let uncovered = uncovered(&coverage(&served), "POST /users");
    let missed = |what: &str| uncovered.iter().any(|own| own.contains(what));
    assert!(missed("guest") && !missed("admin"), "{uncovered:?}");
    let verified = json!({"expectations": [{"operation": "POST /users", "request": {"body": {"role": "admin"}}}]});
    ask(
        &served,
        "POST /_counterpart/verify",
        JSON,
        &verified.to_string(),
    )
    .is(200);
    let other = json!({"expectations": [{"operation": "POST /users", "request": {"body": {"role": "guest"}}}]});
    let told = ask(
        &served,
        "POST /_counterpart/verify",
        JSON,
        &other.to_string(),
    )
    .is(409);
    assert!(!told.0.contains("only the body's start"), "{}", told.0);
}
