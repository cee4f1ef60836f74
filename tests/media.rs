//! Media types as their users write them: YAML that is judged, lists of a form, namespaces of XML,
//! ranges.

use crate::harness::Counterpart;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Media, version: '1'}
paths:
  /pods:
    post:
      requestBody: {required: true, content: {application/yaml: {schema: &pod {type: object, required: [name], properties: {name: {type: string}, replicas: {type: integer}}}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: *pod}, application/yaml: {schema: *pod}}}
        '400': {description: Wrong}
  /notes:
    post:
      requestBody: {required: true, content: {application/yaml: {schema: {type: string}}}}
      responses: {'204': {description: Kept}}
  /tags:
    get:
      parameters: [{name: tags, in: query, explode: false, schema: &tags {type: array, minItems: 2, items: {type: string}}}]
      responses: {'204': {description: Found}}
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {tags: *tags}}, encoding: {tags: {explode: false}}}}}
      responses: {'204': {description: Kept}}
  /any:
    get: {responses: {'200': {description: An object, content: {'*/*': {schema: {type: object, required: [n], properties: {n: {type: integer, const: 7}}}}}}}}
  /xml:
    post:
      requestBody: {content: {application/xml: {schema: &xml {type: object, xml: {name: r, namespace: 'urn:r'}, required: [o], properties: {
        o: {type: object, xml: {prefix: p, namespace: 'urn:p'}, required: [k], properties: {k: {const: v}}}}}}}}
      responses: {'200': {description: The same, content: {application/xml: {schema: *xml}}}}
  /none:
    get: {responses: {'200': {description: None, content: {application/json-seq: {schema: {type: array, maxItems: 0, items: {type: integer}}}}}}}
  /counts:
    get: {responses: {'200': {description: Counts, content: {text/event-stream: {schema: {type: object, minProperties: 2, additionalProperties: {type: integer}}}}}}}
  /count:
    get: {responses: {'200': {description: A number, content: {text/csv: {schema: {type: integer, const: 7}}}}}}
";

fn media() -> Counterpart {
    let contract = Contract::from_text("m.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("m".to_owned(), contract)]))
}

#[test]
fn a_body_of_yaml_is_judged_as_one_of_json_is() {
    let media = media();
    let post = |path: &str, body: &str| {
        let post = media.ask(Method::POST, path);
        post.body("application/yaml", body)
    };
    let made = post("/pods", "# one\nname: web\nreplicas: 2\n")
        .send()
        .is(201);
    assert_eq!(made.json(), json!({"name": "web", "replicas": 2}));
    let shown = post("/pods", "{name: web, replicas: 2}").header("Accept", "application/yaml");
    assert_eq!(shown.send().is(201).text, "name: web\nreplicas: 2\n");
    let wrong = post("/pods", "name: web\nreplicas: two\n")
        .send()
        .problem(400);
    assert_eq!(wrong.pointers(), ["/replicas"]);
    let broken = post("/pods", "name: [web\n").send().problem(400).json();
    let detail = broken["detail"].as_str().expect("words");
    assert!(
        detail.contains("this is not YAML") && detail.contains("line"),
        "{detail}"
    );
    // A text is whatever YAML is in it.
    post("/notes", "any: [thing]\n").send().is(204);
}

/// `URLSearchParams` and its like encode the commas of a list.
#[test]
fn commas_that_are_encoded_separate_where_none_stands_as_it_is() {
    let media = media();
    for tags in ["a,b", "a%2Cb", "a%2cb"] {
        media.get(&format!("/tags?tags={tags}")).send().is(204);
        let form = media.ask(Method::POST, "/tags");
        let body = format!("tags={tags}");
        form.body("application/x-www-form-urlencoded", body)
            .send()
            .is(204);
    }
    // Beside one that stands as it is, it is a part of an item.
    media.get("/tags?tags=a%2Cb,").send().is(204);
    media.get("/tags?tags=a").send().is(422);
}

#[test]
fn an_object_under_any_media_type_is_no_picture() {
    let media = media();
    let of = |accept: &str| media.get("/any").header("Accept", accept).send();
    let shown = of("image/avif,image/webp,image/*,*/*;q=0.8").is(200);
    assert_eq!(shown.header("content-type"), "application/json");
    assert_eq!(shown.json(), json!({"n": 7}));
    assert_eq!(
        of("application/xml").is(200).header("content-type"),
        "application/xml"
    );
    of("image/png").is(406);
}

#[test]
fn a_default_namespace_holds_for_all_that_is_in_it() {
    let media = media();
    for sent in [
        "<r xmlns=\"urn:r\"><p:o xmlns:p=\"urn:p\"><k>v</k></p:o></r>",
        "<q:r xmlns:q=\"urn:r\"><o xmlns=\"urn:p\"><k>v</k></o></q:r>",
        "<q:r xmlns:q=\"urn:r\"><p:o xmlns:p=\"urn:p\"><k>v</k></p:o></q:r>",
    ] {
        let answer = media
            .ask(Method::POST, "/xml")
            .body("application/xml", sent);
        let answer = answer.send().is(200);
        assert!(answer.text.contains("<k>v</k>"), "{}", answer.text);
    }
    let other =
        "<r xmlns=\"urn:r\"><p:o xmlns:p=\"urn:p\"><x:k xmlns:x=\"urn:x\">v</x:k></p:o></r>";
    let answer = media
        .ask(Method::POST, "/xml")
        .body("application/xml", other);
    answer.send().is(422);
}

#[test]
fn what_is_empty_or_no_table_is_sent_as_such() {
    let media = media();
    assert_eq!(media.get("/none").send().is(200).text, "");
    let counts = media.get("/counts").send().is(200);
    assert!(counts.text.starts_with("data: {\""), "{}", counts.text);
    assert_eq!(media.get("/count").send().is(200).text, "7");
}

/// Of a body that anyone sends, however it is made.
#[test]
fn a_body_of_yaml_takes_no_more_than_it_may() {
    let media = media();
    let refused = |body: String, why: &str| {
        let post = media.ask(Method::POST, "/pods");
        let answer = post.body("application/yaml", body).send().problem(400);
        let told = answer.text;
        assert!(told.contains(why), "{told}");
    };
    let laughs = (b'b'..=b'i').map(char::from).zip('a'..);
    let laughs = laughs.map(|(name, of)| {
        format!(
            "{name}: &{name} [{}]\n",
            vec![format!("*{of}"); 9].join(",")
        )
    });
    refused(
        format!("a: &a [x,x,x,x,x,x,x,x,x]\n{}", laughs.collect::<String>()),
        "1,000,000 nodes",
    );
    refused(format!("name: {}", "[".repeat(100_000)), "nested deeper");
    // Each of these would be a reading from the beginning.
    let keys = (0..20_000).map(|number| format!("k{number}: v\n"));
    let torn = (0..100).map(|number| format!("q{number}: \"a\nb\"\n"));
    refused(keys.chain(torn).collect(), "multiline");
}
