//! What a client said of an item is kept as it was said, or refused.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

fn of(paths: &Value, schemas: &Value) -> Counterpart {
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": paths, "components": {"schemas": schemas}});
    let contract = Contract::from_text("t.json", &document.to_string());
    let contract = contract.unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("t".to_owned(), contract)]))
}

fn content(schema: &str) -> Value {
    let schema = match schema.strip_suffix("[]") {
        Some(item) => json!({"type": "array", "items": reference(item)}),
        None => reference(schema),
    };
    json!({"application/json": {"schema": schema}})
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn shows(status: &str, schema: &str) -> Value {
    json!({status: {"description": "Done", "content": content(schema)}})
}

fn takes(schema: &str) -> Value {
    json!({"required": true, "content": content(schema)})
}

/// A list and its items, all of one schema, of which another is sent.
fn things(at: &str, shown: &str, sent: &str, end: &str) -> Value {
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
    let change = json!({"requestBody": takes(sent), "responses": shows("200", shown)});
    json!({
        format!("{at}{end}"): {
            "get": {"responses": shows("200", &format!("{shown}[]"))},
            "post": {"requestBody": takes(sent), "responses": shows("201", shown)},
        },
        format!("{at}/{{id}}{end}"): {
            "parameters": id,
            "get": {"responses": shows("200", shown)},
            "put": change,
            "patch": change,
            "delete": {"responses": shows("200", shown)},
        },
    })
}

fn ask(api: &Counterpart, method: Method, path: &str, body: Value) -> Answer {
    api.ask(method, path).json(body).send()
}

fn pets() -> Counterpart {
    of(
        &things("/pets", "Pet", "NewPet", ""),
        &json!({
            "NewPet": {"type": "object", "properties": {"id": {"type": "string"}, "name": {}, "n": {}, "tags": {},
                "box": {"type": "string"}}},
            "Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"},
                "name": {"type": "string"}, "n": {"type": "integer"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "box": {"type": "object", "properties": {"code": {"type": "integer"}}}}},
        }),
    )
}

#[test]
fn what_was_said_and_no_reply_can_show_is_refused_and_nothing_is_changed() {
    let pets = pets();
    let rex = json!({"id": "a", "name": "Rex", "n": 3, "tags": ["a"]});
    ask(&pets, Method::POST, "/pets", rex.clone()).is(201);
    for wrong in [
        json!({"name": {}}),
        json!({"n": {}}),
        json!({"tags": {}}),
        json!({"name": []}),
        json!({"n": "x"}),
        json!({"tags": [{}]}),
    ] {
        for (method, path) in [
            (Method::PATCH, "/pets/a"),
            (Method::PUT, "/pets/a"),
            (Method::POST, "/pets"),
        ] {
            let refused = ask(&pets, method, path, wrong.clone()).is(422);
            assert!(
                refused.text.contains("by the schema of the reply"),
                "{}",
                refused.text
            );
        }
    }
    assert_eq!(pets.get("/pets/a").send().is(200).json(), rex);
    // Where the contract itself has it in another form, replies say what they can.
    ask(&pets, Method::PATCH, "/pets/a", json!({"box": "north"})).is(200);
}

#[test]
fn what_the_request_itself_lists_is_taken_whatever_replies_can_show() {
    let text = json!({"type": "string"});
    let trees = of(
        &things("/trees", "Tree", "NewTree", ""),
        &json!({
            "NewTree": {"type": "object", "properties": {
                "public": {"oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["true", "false"]}]},
                "side": {"type": "string", "enum": ["left", "right", "side"]},
                "files": {"type": "array", "items": {"type": "object", "properties": {
                    "path": text, "sha": {"type": ["string", "null"]}}}},
            }},
            "Tree": {"type": "object", "required": ["id"], "properties": {
                "id": text, "public": {"type": "boolean"},
                "side": {"type": "string", "enum": ["left", "right"]},
                "files": {"type": "array", "items": {"type": "object", "required": ["path", "sha"],
                    "properties": {"path": text, "sha": text}}},
            }},
        }),
    );
    let made = ask(&trees, Method::POST, "/trees", json!({"public": "false"})).is(201);
    assert_eq!(made.json()["public"], false);
    let made = ask(
        &trees,
        Method::POST,
        "/trees",
        json!({"public": true, "side": "side"}),
    )
    .is(201);
    assert_eq!(made.json()["public"], true);
    let files = json!({"files": [{"path": "a", "sha": null}]});
    let made = ask(&trees, Method::POST, "/trees", files).is(201).json();
    assert_eq!(made["files"][0]["path"], "a", "{made}");
    let path = format!("/trees/{}", made["id"].as_str().expect("an id"));
    assert_eq!(trees.get(&path).send().is(200).json(), made);
}

#[test]
fn what_is_removed_is_shown_as_it_was() {
    let pets = pets();
    let rex = json!({"id": "a", "name": "Rex", "n": 3, "tags": ["a"]});
    ask(&pets, Method::POST, "/pets", rex.clone()).is(201);
    let gone = pets.ask(Method::DELETE, "/pets/a").send().is(200);
    assert_eq!(gone.json(), rex);
    pets.get("/pets/a").send().is(404);
}

#[test]
fn what_is_called_otherwise_in_replies_is_kept_under_their_names() {
    let mut paths = things("/users", "User", "NewUser", "");
    let form = json!({"application/x-www-form-urlencoded": {"schema": reference("NewUser")}});
    paths["/users"]["post"]["requestBody"]["content"] = form.clone();
    paths["/users/{id}"]["post"] =
        json!({"requestBody": {"content": form}, "responses": shows("200", "User")});
    for method in ["put", "patch"] {
        let one = paths["/users/{id}"].as_object_mut().expect("an object");
        one.remove(method);
    }
    let text = json!({"type": "string"});
    let users = of(
        &paths,
        &json!({
            "NewUser": {"type": "object", "properties": {"UniqueName": text, "FriendlyName": text}},
            "User": {"type": "object", "required": ["id"],
                "properties": {"id": text, "unique_name": text, "friendly_name": text}},
        }),
    );
    let send = |path: &str, form: &str| {
        let asking = users.ask(Method::POST, path);
        asking
            .body("application/x-www-form-urlencoded", form)
            .send()
    };
    let made = send("/users", "UniqueName=joe&FriendlyName=Joe").is(201);
    let at = made.header("location").to_owned();
    let joe = made.json();
    assert_eq!(
        (&joe["unique_name"], &joe["friendly_name"]),
        (&json!("joe"), &json!("Joe"))
    );
    assert_eq!(users.get(&at).send().is(200).json(), joe);
    send(&at, "FriendlyName=Joseph").is(200);
    let joe = users.get(&at).send().is(200).json();
    assert_eq!(
        (&joe["unique_name"], &joe["friendly_name"]),
        (&json!("joe"), &json!("Joseph"))
    );
}

#[test]
fn names_are_written_otherwise_at_every_depth_and_a_refusal_has_the_clients_own() {
    let text = json!({"type": "string"});
    let sent = json!({"type": "object", "properties": {"StreetName": text, "HouseNo": {}}});
    let sent = json!({"type": "object", "properties": {"FullName": {}, "Homes": {"type": "array", "items": sent}}});
    let shown = json!({"type": "object", "properties": {"street_name": text, "house_no": {"type": "integer"}}});
    let shown = json!({"type": "object", "required": ["id"], "properties": {
        "id": text, "full_name": text, "homes": {"type": "array", "items": shown}}});
    let users = of(
        &things("/users", "User", "NewUser", ""),
        &json!({"NewUser": sent, "User": shown}),
    );
    let send = |method: Method, path: &str, body: Value| users.ask(method, path).json(body).send();
    let ada = json!({"FullName": "Ada", "Homes": [{"StreetName": "High St", "HouseNo": 4}]});
    let made = send(Method::POST, "/users", ada).is(201);
    let homes = json!([{"street_name": "High St", "house_no": 4}]);
    assert_eq!(made.json()["homes"], homes);
    let at = made.header("location").to_owned();
    assert_eq!(users.get(&at).send().is(200).json()["homes"], homes);
    for (body, place) in [
        (json!({"FullName": []}), "/FullName"),
        (json!({"Homes": [{"HouseNo": "four"}]}), "/Homes/0/HouseNo"),
    ] {
        let refused = send(Method::PATCH, &at, body).is(422).json();
        assert_eq!(refused["errors"][0]["pointer"], place, "{refused}");
    }
}

#[test]
fn what_a_client_says_is_kept_however_much_it_is() {
    let tags = json!({"type": "array", "items": {"type": "string"}});
    let sent = json!({"type": "object", "properties": {"tags": tags}});
    let shown = json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "tags": tags}});
    let posts = of(
        &things("/posts", "Post", "NewPost", ""),
        &json!({"NewPost": sent, "Post": shown}),
    );
    let many: Vec<String> = (0..60_000).map(|number| format!("t{number}")).collect();
    let made = posts
        .ask(Method::POST, "/posts")
        .json(json!({"tags": many}));
    let made = made.send().is(201);
    assert_eq!(made.json()["tags"].as_array().map(Vec::len), Some(60_000));
}

#[test]
fn what_is_put_under_other_names_takes_the_place_of_what_replies_call_so() {
    let text = json!({"type": "string"});
    let cards = of(
        &things("/cards", "Card", "NewCard", ""),
        &json!({
            "NewCard": {"type": "object", "properties": {"firstLine": text, "lastLine": text}},
            "Card": {"type": "object", "required": ["id"], "properties": {"id": text, "first_line": text, "last_line": text}},
        }),
    );
    let made = ask(
        &cards,
        Method::POST,
        "/cards",
        json!({"firstLine": "a", "lastLine": "b"}),
    )
    .is(201);
    let at = made.header("location").to_owned();
    let put = ask(&cards, Method::PUT, &at, json!({"firstLine": "c"}))
        .is(200)
        .json();
    assert_eq!(
        (&put["first_line"], put.get("last_line")),
        (&json!("c"), None)
    );
    let patched = ask(
        &cards,
        Method::PATCH,
        &at,
        json!({"last_line": "no", "lastLine": "d"}),
    )
    .is(200)
    .json();
    assert_eq!(
        (&patched["first_line"], &patched["last_line"]),
        (&json!("c"), &json!("d"))
    );
}

#[test]
fn what_the_server_alone_sets_is_not_set_by_who_may_say_anything() {
    let mut paths = things("/things", "Thing", "Any", "");
    let merge = json!({"application/merge-patch+json": {"schema": {"type": "object"}}});
    paths["/things/{id}"]["patch"]["requestBody"]["content"] = merge;
    let things = of(
        &paths,
        &json!({
            "Any": {"type": "object"},
            "Thing": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"},
                "createdAt": {"type": "string", "format": "date-time", "readOnly": true}}},
        }),
    );
    let made = ask(
        &things,
        Method::POST,
        "/things",
        json!({"id": "x", "name": "a"}),
    )
    .is(201)
    .json();
    let body = json!({"createdAt": "1999-01-01T00:00:00Z", "name": "b"}).to_string();
    let patch = things
        .patch("/things/x")
        .body("application/merge-patch+json", body);
    let patched = patch.send().is(200).json();
    assert_eq!(
        (&patched["createdAt"], &patched["name"]),
        (&made["createdAt"], &json!("b"))
    );
}

#[test]
fn one_item_is_kept_though_several_may_be_sent_in_another_media_type() {
    let mut paths = things("/pets", "Pet", "Pet", "");
    let taken = &mut paths["/pets"]["post"]["requestBody"]["content"];
    taken["text/csv"] = json!({"schema": {"type": "array", "items": reference("Pet")}});
    let pets = of(
        &paths,
        &json!({"Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}}),
    );
    let rex = json!({"id": "a", "name": "Rex"});
    ask(&pets, Method::POST, "/pets", rex.clone()).is(201);
    assert_eq!(pets.get("/pets/a").send().is(200).json(), rex);
    let rows = pets
        .ask(Method::POST, "/pets")
        .body("text/csv", "id,name\r\nb,Bo\r\nc,Cy\r\n");
    rows.send().is(201);
    assert_eq!(pets.get("/pets/c").send().is(200).json()["name"], "Cy");
}

#[test]
fn paths_that_end_in_the_name_of_a_format_are_a_collection_too() {
    let pets = of(
        &things("/v2/pets", "Pet", "NewPet", ".json"),
        &json!({"NewPet": {"type": "object", "properties": {"name": {"type": "string"}}}, "Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}}),
    );
    let made = ask(&pets, Method::POST, "/v2/pets.json", json!({"name": "Rex"})).is(201);
    let at = made.header("location").to_owned();
    let rex = made.json();
    assert_eq!(
        at,
        format!("/v2/pets/{}.json", rex["id"].as_str().expect("an id"))
    );
    assert_eq!(pets.get(&at).send().is(200).json(), rex);
    ask(&pets, Method::PATCH, &at, json!({"name": "Bo"})).is(200);
    let listed = pets.get("/v2/pets.json").send().is(200).json();
    let last = listed.as_array().and_then(|all| all.last().cloned());
    assert_eq!(last, Some(json!({"id": rex["id"], "name": "Bo"})));
    pets.ask(Method::DELETE, &at).send().is(200);
    pets.get(&at).send().is(404);
}

#[test]
fn a_key_that_no_path_can_have_is_refused() {
    let pets = pets();
    for key in ["", ".", ".."] {
        let refused = ask(&pets, Method::POST, "/pets", json!({"id": key}))
            .is(422)
            .json();
        assert_eq!(refused["errors"][0]["pointer"], "/id", "{refused}");
    }
    ask(&pets, Method::POST, "/pets", json!({"id": "a.b"})).is(201);
}

#[test]
fn what_a_change_names_by_its_id_is_shown_and_nothing_where_it_names_nothing() {
    let id = json!({"type": ["integer", "null"]});
    let user = json!({"type": ["object", "null"], "required": ["id", "login"],
        "properties": {"id": {"type": "integer"}, "login": {"type": "string"}}});
    let issues = of(
        &things("/issues", "Issue", "NewIssue", ""),
        &json!({
            "NewIssue": {"type": "object", "properties": {"title": {"type": "string"}, "assigneeId": id}},
            "Issue": {"type": "object", "required": ["id", "title"], "properties": {"id": {"type": "string"},
                "title": {"type": "string"}, "assignee": user}},
        }),
    );
    let new = json!({"title": "Slow", "assigneeId": 42});
    let made = ask(&issues, Method::POST, "/issues", new).is(201);
    let at = made.header("location").to_owned();
    assert_eq!(made.json()["assignee"]["id"], 42);
    let assigned = |id: Value| {
        let changed = ask(&issues, Method::PATCH, &at, json!({"assigneeId": id}));
        let changed = changed.is(200).json();
        assert_eq!(issues.get(&at).send().is(200).json(), changed);
        changed["assignee"].clone()
    };
    assert_eq!(assigned(json!(null)), json!(null));
    assert_eq!(assigned(json!(7))["id"], 7);
    assert_eq!(assigned(json!(8))["id"], 8);
}

#[test]
fn what_is_told_of_each_of_several_is_that_it_went_well() {
    let mut paths = things("/skus", "Sku", "Sku", "");
    paths["/skus/batch"] =
        json!({"post": {"requestBody": takes("Skus"), "responses": shows("207", "Results")}});
    let text = json!({"type": "string"});
    let number = json!({"type": "integer"});
    let skus = of(
        &paths,
        &json!({
            "Sku": {"type": "object", "required": ["id"], "properties": {"id": text, "name": text}},
            "Skus": {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": reference("Sku")}}},
            "Results": {"type": "object", "required": ["results", "succeeded", "failed"], "properties": {
                "results": {"type": "array", "items": {"type": "object", "required": ["index", "status"], "properties": {
                    "index": number, "status": number, "id": text, "error": {"type": ["string", "null"]}}}},
                "succeeded": number, "failed": number}},
        }),
    );
    let items = json!({"items": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]});
    let told = ask(&skus, Method::POST, "/skus/batch", items)
        .is(207)
        .json();
    let counts = (&told["succeeded"], &told["failed"]);
    assert_eq!(counts, (&json!(2), &json!(0)));
    for (index, id) in ["a", "b"].into_iter().enumerate() {
        let row = &told["results"][index];
        assert_eq!(
            (&row["index"], &row["id"], &row["status"]),
            (&json!(index), &json!(id), &json!(201))
        );
        assert!(row.get("error").is_none_or(Value::is_null), "{row}");
    }
    assert_eq!(skus.get("/skus/b").send().is(200).json()["name"], "B");
}

#[test]
fn null_is_kept_of_what_must_be_there_and_may_be_null() {
    let task = json!({
        "type": "object", "required": ["id", "due"],
        "properties": {
            "id": {"type": "integer"}, "due": {"type": ["string", "null"], "format": "date"},
            "note": {"type": ["string", "null"]}, "size": {"type": "integer"},
        },
    });
    let sent = json!({"type": "object", "properties": {
        "due": task["properties"]["due"], "note": task["properties"]["note"],
        "size": {"type": ["integer", "null"]},
    }});
    let paths = things("/tasks", "Task", "Sent", "");
    let api = of(&paths, &json!({"Task": task, "Sent": sent}));
    let made = ask(
        &api,
        Method::POST,
        "/tasks",
        json!({"due": "2026-01-01", "note": "a"}),
    );
    let at = format!("/tasks/{}", made.is(201).json()["id"]);
    let cleared = ask(
        &api,
        Method::PATCH,
        &at,
        json!({"due": null, "note": null, "size": 4}),
    );
    let cleared = cleared.is(200).json();
    assert_eq!(cleared["due"], Value::Null);
    assert!(cleared.as_object().expect("one").contains_key("due"));
    // What needn't be there goes, as RFC 7396 has it.
    assert_eq!(cleared.get("note"), None);
    assert_eq!(
        ask(&api, Method::GET, &at, Value::Null).is(200).json(),
        cleared
    );
}

#[test]
fn what_a_schema_speaks_of_elsewhere_than_where_it_declares_is_kept() {
    let alone = |schema: &str| {
        let change = json!({"requestBody": takes(schema), "responses": shows("200", schema)});
        json!({"get": {"responses": shows("200", schema)}, "post": change, "put": change})
    };
    let paths = json!({"/needs": alone("Needs"), "/asks": alone("Asks"), "/tags": alone("Tags")});
    let schemas = json!({
        "Needs": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}},
            "dependentRequired": {"a": ["b"]}},
        "Asks": {"type": "object", "minProperties": 1, "unevaluatedProperties": false,
            "if": {"properties": {"k": {"const": 1}}, "required": ["k"]},
            "then": {"properties": {"v": {"type": "string"}}, "required": ["v"]}},
        "Tags": {"type": "object", "minProperties": 1, "additionalProperties": false,
            "patternProperties": {"^x-": {"type": "string"}, "^(?!x-)y": {"type": "string"}}},
    });
    let api = of(&paths, &schemas);
    for (method, path, body) in [
        (Method::POST, "/needs", json!({"a": 1, "b": 2})),
        (Method::PUT, "/needs", json!({"a": 3, "b": 4})),
        (Method::POST, "/asks", json!({"v": "x", "k": 1})),
        (Method::PUT, "/asks", json!({"v": "y", "k": 1})),
        (Method::PUT, "/tags", json!({"x-a": "1", "yes": "2"})),
    ] {
        let kept = ask(&api, method, path, body.clone());
        assert_eq!(kept.is(200).json(), body, "{path}");
        assert_eq!(
            ask(&api, Method::GET, path, Value::Null).is(200).json(),
            body
        );
    }
}
