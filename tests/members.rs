//! Members of a list that an item has, by paths below the item.

use crate::harness::{Answer, Counterpart};
use crate::process::{Folder, run};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const SHOP: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /cart:
    get: {responses: &cart {'200': {description: The cart, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}}}
    delete: {responses: {'204': {description: emptied}}}
  /cart/items:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewItem'}}}}
      responses: {'201': {description: The cart, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/NewItem'}}}}}
      responses: *cart
  /cart/items/{itemId}:
    parameters: [{name: itemId, in: path, required: true, schema: {type: string}}]
    patch:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [quantity], properties: {quantity: {type: integer, minimum: 1}}}}}}
      responses: *cart
    delete: {responses: *cart}
  /projects/{key}/issues:
    parameters: [&project {name: key, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Issue'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
  /projects/{key}/issues/{number}:
    parameters: [*project, &issue {name: number, in: path, required: true, schema: {type: integer}}]
    get: {responses: &one {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
      responses: *one
  /projects/{key}/issues/{number}/labels/{label}:
    parameters: [*project, *issue, {name: label, in: path, required: true, schema: {type: string}}]
    put: {responses: *one}
    delete: {responses: *one}
  /projects/{key}/issues/{number}/tags/{tag}:
    parameters: [*project, *issue, {name: tag, in: path, required: true, schema: {type: string}}]
    put: {responses: {'204': {description: Done}}}
    delete: {responses: {'204': {description: Done}}}
  /projects/{key}/issues/{number}/tags:
    parameters: [*project, *issue]
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {tags: {type: array, items: {type: string}}}}}}}
      responses: *one
    delete: {responses: *one}
components:
  schemas:
    NewItem: {type: object, required: [productId, quantity], properties: {productId: {type: string}, quantity: {type: integer, minimum: 1}, note: {type: string}}}
    Item:
      type: object
      required: [id, productId, quantity, unitPrice]
      properties: {id: {type: string}, productId: {type: string}, name: {type: string}, note: {type: string}, quantity: {type: integer, minimum: 1}, unitPrice: {type: number}, lineTotal: {type: number}}
    Cart:
      type: object
      required: [items, total]
      properties:
        id: {type: string, format: uuid}
        items: {type: array, items: {$ref: '#/components/schemas/Item'}}
        itemCount: {type: integer}
        subtotal: {type: number}
        total: {type: number}
    Label: {type: object, required: [name, color], properties: {name: {type: string}, color: {type: string, pattern: '^#[0-9a-f]{6}$'}}}
    Issue:
      type: object
      required: [number, title, labels, tags]
      properties: {number: {type: integer}, title: {type: string}, labels: {type: array, items: {$ref: '#/components/schemas/Label'}},
        tags: {type: array, items: {type: string}}, tagCount: {type: integer}}
";

fn shop() -> Counterpart {
    let contract = Contract::from_text("shop.yaml", SHOP).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]))
}

fn ask(api: &Counterpart, method: Method, path: &str, body: Value) -> Answer {
    api.ask(method, path).json(body).send()
}

fn get(api: &Counterpart, path: &str) -> Value {
    api.get(path).send().is(200).json()
}

fn sum(of: &Value, name: &str) -> f64 {
    let rows = of["items"].as_array().expect("rows").iter();
    rows.filter_map(|row| row[name].as_f64()).sum()
}

#[test]
fn what_is_in_one_thing_is_added_changed_and_taken_out_by_paths_below_it() {
    let shop = shop();
    let before = get(&shop, "/cart");
    let count = before["items"].as_array().map_or(0, Vec::len);
    let agrees = |cart: &Value, count: usize| {
        assert_eq!(get(&shop, "/cart"), *cart);
        assert_eq!(
            (&cart["id"], &cart["itemCount"]),
            (&before["id"], &json!(count))
        );
        let total = cart["total"].as_f64().expect("a total");
        assert!((sum(cart, "lineTotal") - total).abs() < 0.01, "{cart}");
    };
    let mug = json!({"productId": "mug", "quantity": 2});
    let cart = ask(&shop, Method::POST, "/cart/items", mug.clone())
        .is(201)
        .json();
    agrees(&cart, count + 1);
    let row = cart["items"][count].clone();
    assert_eq!(
        (&row["productId"], &row["quantity"]),
        (&json!("mug"), &json!(2))
    );
    assert_eq!(row.get("note"), None, "it could have been sent");
    let again = ask(&shop, Method::POST, "/cart/items", mug).is(201).json();
    assert_ne!(again["items"][count + 1]["id"], row["id"]);
    let at = format!("/cart/items/{}", row["id"].as_str().expect("an id"));
    let cart = ask(&shop, Method::PATCH, &at, json!({"quantity": 5}))
        .is(200)
        .json();
    agrees(&cart, count + 2);
    let changed = &cart["items"][count];
    assert_eq!(
        (&changed["id"], &changed["quantity"]),
        (&row["id"], &json!(5))
    );
    let price = row["unitPrice"].as_f64().expect("a price");
    let total = changed["lineTotal"].as_f64().expect("a total");
    assert!((price * 5.0 - total).abs() < 0.01, "{changed}");
    ask(&shop, Method::PATCH, &at, json!({"quantity": 0})).is(422);
    let cart = shop.ask(Method::DELETE, &at).send().is(200).json();
    agrees(&cart, count + 1);
    shop.ask(Method::DELETE, &at).send().is(404);
    ask(&shop, Method::PATCH, &at, json!({"quantity": 1})).is(404);
    let cup = json!([{"productId": "cup", "quantity": 1}]);
    let cart = ask(&shop, Method::PUT, "/cart/items", cup).is(200).json();
    agrees(&cart, 1);
    assert_eq!(cart["items"][0]["productId"], "cup");
    // What was emptied as a whole is filled again.
    shop.ask(Method::DELETE, "/cart").send().is(204);
    ask(&shop, Method::PATCH, &at, json!({"quantity": 1})).is(404);
    let pen = json!({"productId": "pen", "quantity": 3});
    let cart = ask(&shop, Method::POST, "/cart/items", pen).is(201).json();
    agrees(&cart, 1);
    assert_eq!(cart["items"][0]["productId"], "pen");
}

#[test]
fn what_a_path_names_is_put_in_a_list_of_its_parent_or_taken_out() {
    let shop = shop();
    let made = ask(
        &shop,
        Method::POST,
        "/projects/WEB/issues",
        json!({"title": "Slow"}),
    )
    .is(201);
    let at = made.header("location").to_owned();
    let issue = made.json();
    let names = |issue: &Value, list: &str| -> Vec<String> {
        let rows = issue[list].as_array().expect("a list").iter();
        let names = rows.map(|row| row.as_str().or_else(|| row["name"].as_str()));
        names.map(|name| name.expect("a name").to_owned()).collect()
    };
    let label = format!("{at}/labels/wontfix");
    let mut labels = names(&issue, "labels");
    let labelled = shop.ask(Method::PUT, &label).send().is(200).json();
    labels.push("wontfix".to_owned());
    assert_eq!(
        (&labelled["number"], &labelled["title"]),
        (&issue["number"], &issue["title"])
    );
    assert_eq!(names(&labelled, "labels"), labels);
    assert_eq!(get(&shop, &at), labelled);
    assert_eq!(
        shop.ask(Method::PUT, &label).send().is(200).json(),
        labelled
    );
    let without = shop.ask(Method::DELETE, &label).send().is(200).json();
    assert_eq!(without, issue);
    shop.ask(Method::DELETE, &label).send().is(404);
    // Texts, of which nothing is shown.
    let mut tags = names(&issue, "tags");
    shop.ask(Method::PUT, &format!("{at}/tags/blue"))
        .send()
        .is(204);
    tags.push("blue".to_owned());
    let tagged = get(&shop, &at);
    assert_eq!(names(&tagged, "tags"), tags);
    let more = json!({"tags": ["blue", "red"]});
    let tagged = ask(&shop, Method::POST, &format!("{at}/tags"), more)
        .is(200)
        .json();
    tags.push("red".to_owned());
    assert_eq!(
        (names(&tagged, "tags"), &tagged["tagCount"]),
        (tags.clone(), &json!(tags.len()))
    );
    shop.ask(Method::DELETE, &format!("{at}/tags/blue"))
        .send()
        .is(204);
    tags.retain(|tag| tag != "blue");
    assert_eq!(names(&get(&shop, &at), "tags"), tags);
    let none = shop
        .ask(Method::DELETE, &format!("{at}/tags"))
        .send()
        .is(200)
        .json();
    assert_eq!(none["tags"], json!([]));
    // What nobody wrote has members as well.
    let other = shop.ask(Method::PUT, "/projects/WEB/issues/99730/labels/wontfix");
    let other = other.send().is(200).json();
    assert_eq!(other["number"], 99730);
    assert_eq!(get(&shop, "/projects/WEB/issues/99730"), other);
}

#[test]
fn what_means_something_else_leaves_the_list_alone() {
    let text = r"
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes/{id}:
    parameters: &of [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: &one {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: *one
  /notes/{id}/lines:
    parameters: *of
    delete:
      parameters: [{name: ids, in: query, schema: {type: string}}]
      responses: *one
  /notes/{id}/lines/{index}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: index, in: path, required: true, schema: {type: integer}}]
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: *one
  /notes/{id}/photos:
    parameters: *of
    post: {requestBody: {required: true, content: {image/png: {}}}, responses: *one}
  /notes/{id}/owners:
    parameters: *of
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {owners: {type: array, items: {type: string}}}}}}}
      responses: *one
components:
  schemas:
    Note:
      type: object
      required: [id, lines, photos, owners]
      properties:
        id: {type: integer}
        lines: {type: array, items: {type: string}}
        photos: {type: array, items: {type: string, format: uri}}
        owners: {type: array, items: {type: object, required: [id], properties: {id: {type: integer}}}}
";
    let contract = Contract::from_text("notes.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    let api = Counterpart::of(Host::new(vec![("notes".to_owned(), contract)]));
    let note = json!({"id": 7, "lines": ["a", "b"], "photos": [], "owners": [{"id": 1}]});
    let stored = ask(&api, Method::PUT, "/notes/7", note.clone()).is(200);
    assert_eq!(stored.json(), note);
    // A choice among them, a place in the list, a file, names in the place of ids.
    let chosen = api.ask(Method::DELETE, "/notes/7/lines?ids=x");
    chosen.send().is(200);
    ask(&api, Method::PUT, "/notes/7/lines/0", json!({"text": "c"})).is(200);
    let file = api.ask(Method::POST, "/notes/7/photos");
    file.body("image/png", "x").send().is(200);
    ask(
        &api,
        Method::POST,
        "/notes/7/owners",
        json!({"owners": ["ann"]}),
    )
    .is(200);
    assert_eq!(get(&api, "/notes/7"), note);
}

const TRACKER: &str = "
openapi: 3.1.0
info: {title: Tracker, version: '1'}
paths:
  /issues:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
  /issues/{id}:
    parameters: &issue [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: &one {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}}
  /issues/{id}/labels:
    parameters: *issue
    get: {responses: &labels {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Label'}}}}}}}
    post: &set
      requestBody: {content: {application/json: {schema: {type: object, required: [labels], properties: {labels: {type: array, items: {type: string}}}}}}}
      responses: *labels
    put: *set
    delete: {responses: {'204': {description: None}}}
  /issues/{id}/labels/{label}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: label, in: path, required: true, schema: {type: string}}]
    delete: {responses: *labels}
  /issues/{id}/assignees:
    parameters: *issue
    post: &assigning
      requestBody: {content: {application/json: {schema: {type: object, required: [assignees], properties: {assignees: {type: array, items: {type: string}}}}}}}
      responses: {'201': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
    delete:
      requestBody: {content: {application/json: {schema: {type: object, required: [assignees], properties: {assignees: {type: array, items: {type: string}}}}}}}
      responses: *one
  /issues/{id}/watchers/{userId}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: userId, in: path, required: true, schema: {type: string}}]
    put: {responses: {'204': {description: Done}}}
    delete: {responses: {'204': {description: Done}}}
  /issues/{id}/guests:
    parameters: *issue
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [email], properties: {email: {type: string, format: email}}}}}}
      responses: &guest {'201': {description: The guest, content: {application/json: {schema: {$ref: '#/components/schemas/Guest'}}}}}
  /issues/{id}/guests/{email}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: email, in: path, required: true, schema: {type: string}}]
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {response: {enum: [open, yes, no]}}}}}}
      responses: {'200': {description: The guest, content: {application/json: {schema: {type: object, properties: {guest: {$ref: '#/components/schemas/Guest'}}}}}}}
    delete: {responses: {'204': {description: Done}}}
  /issues/{id}/votes:
    parameters: *issue
    put: {requestBody: {content: {application/json: {schema: {type: object, properties: {up: {type: boolean}}}}}}, responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [count], properties: {count: {type: integer}}}}}}}}
  /teams/{team}/members:
    parameters: &team [{name: team, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [user_id], properties: {user_id: {type: integer}}}}}}
      responses: {'201': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  /teams/{team}/members/{user_id}:
    parameters: [{name: team, in: path, required: true, schema: {type: string}}, {name: user_id, in: path, required: true, schema: {type: integer}}]
    delete: {responses: {'204': {description: Gone}}}
components:
  schemas:
    User: {type: object, required: [login], properties: {id: {type: integer}, login: {type: string}}}
    Label: {type: object, required: [name], properties: {id: {type: integer, readOnly: true}, name: {type: string}, color: {type: string}}}
    Guest: {type: object, required: [email, response], properties: {email: {type: string, format: email}, name: {type: string}, response: {enum: [open, yes, no]}}}
    Issue:
      type: object
      required: [id, labels, assignees, watchers, guests]
      properties:
        id: {type: integer}
        title: {type: string}
        labels: {type: array, items: {$ref: '#/components/schemas/Label'}}
        assignees: {type: array, items: {$ref: '#/components/schemas/User'}}
        watchers: {type: array, items: {$ref: '#/components/schemas/User'}}
        guests: {type: array, items: {$ref: '#/components/schemas/Guest'}}
";

fn tracker() -> (Counterpart, String) {
    let contract = Contract::from_text("t.yaml", TRACKER).unwrap_or_else(|e| panic!("{e}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let made = ask(&api, Method::POST, "/issues", json!({"title": "A"}));
    let at = format!("/issues/{}", made.is(201).json()["id"]);
    (api, at)
}

/// What the rows of a list say by a property.
fn told(rows: &Value, name: &str) -> Vec<String> {
    let rows = rows.as_array().expect("rows").iter();
    let texts = rows.map(|row| row[name].as_str().expect("a text").to_owned());
    texts.collect()
}

#[test]
fn a_list_that_is_shown_instead_of_the_item_is_the_items() {
    let (api, at) = tracker();
    let labels = format!("{at}/labels");
    let send = |method, path: &str, names: Value| {
        let answer = ask(&api, method, path, json!({"labels": names}));
        let shown = answer.is(200).json();
        assert_eq!(get(&api, &at)["labels"], shown);
        assert_eq!(get(&api, &labels), shown);
        shown
    };
    let added = send(Method::POST, &labels, json!(["new", "bug"]));
    assert_eq!(told(&added, "name"), ["new", "bug"]);
    let set = send(Method::PUT, &labels, json!(["bug", "ui"]));
    assert_eq!(told(&set, "name"), ["bug", "ui"]);
    assert_eq!(set[0], added[1], "what was there is the same");
    let left = ask(&api, Method::DELETE, &format!("{labels}/ui"), json!(null));
    assert_eq!(told(&left.is(200).json(), "name"), ["bug"]);
    ask(&api, Method::DELETE, &format!("{labels}/ui"), json!(null)).is(404);
    api.ask(Method::DELETE, &labels).send().is(204);
    assert_eq!(get(&api, &labels), json!([]));
    // What is added then has no id that was known.
    let again = send(Method::POST, &labels, json!(["new", "bug"]));
    assert!(again[0]["id"] != added[0]["id"] && again[1]["id"] != added[1]["id"]);
    // So it is with what nobody made.
    assert_eq!(
        get(&api, "/issues/3/labels"),
        get(&api, "/issues/3")["labels"]
    );
}

#[test]
fn members_are_known_by_what_tells_them_apart() {
    let (api, at) = tracker();
    let assign = |method, names: Value| {
        let path = format!("{at}/assignees");
        ask(&api, method, &path, json!({"assignees": names}))
    };
    let both = assign(Method::POST, json!(["cat", "ann"])).is(201).json();
    assert_eq!(told(&both["assignees"], "login"), ["cat", "ann"]);
    assert_eq!(both["title"], "A");
    let one = assign(Method::DELETE, json!(["ann", "bo"])).is(200).json();
    assert_eq!(told(&one["assignees"], "login"), ["cat"]);
    let watch = |method| api.ask(method, &format!("{at}/watchers/u1")).send();
    watch(Method::PUT).is(204);
    watch(Method::PUT).is(204);
    assert_eq!(told(&get(&api, &at)["watchers"], "login"), ["u1"]);
    watch(Method::DELETE).is(204);
    assert_eq!(get(&api, &at)["watchers"], json!([]));
    watch(Method::DELETE).is(404);
}

#[test]
fn a_member_that_is_shown_instead_of_the_item_is_the_items() {
    let (api, at) = tracker();
    let guests = format!("{at}/guests");
    let guest = ask(&api, Method::POST, &guests, json!({"email": "a@b.example"}));
    let guest = guest.is(201).json();
    assert_eq!(guest["email"], "a@b.example");
    assert_eq!(get(&api, &at)["guests"], json!([guest]));
    let own = format!("{guests}/a@b.example");
    let changed = ask(&api, Method::PATCH, &own, json!({"response": "yes"}));
    assert_eq!(changed.is(200).json()["guest"]["response"], "yes");
    assert_eq!(get(&api, &at)["guests"][0]["response"], "yes");
    api.ask(Method::DELETE, &own).send().is(204);
    assert_eq!(get(&api, &at)["guests"], json!([]));
}

#[test]
fn what_is_added_under_the_name_that_the_path_has_for_its_key_has_that_key() {
    let (api, _) = tracker();
    let members = "/teams/a/members";
    let added = ask(&api, Method::POST, members, json!({"user_id": 42}));
    assert_eq!(added.is(201).json()["id"], 42);
    let ids = || {
        let rows = get(&api, members);
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| row["id"].clone()).collect::<Vec<Value>>()
    };
    assert!(ids().contains(&json!(42)));
    api.ask(Method::DELETE, "/teams/a/members/42")
        .send()
        .is(204);
    assert!(!ids().contains(&json!(42)));
}

#[test]
fn what_is_done_to_members_is_told_and_what_is_not() {
    let folder = Folder::of(&[("t.yaml", TRACKER)]);
    let told = run(folder.path(), &["check", "t.yaml"]).out;
    for line in [
        "POST /issues/{id}/labels adds to its labels",
        "GET /issues/{id}/labels shows",
        "DELETE /issues/{id}/assignees takes out of its assignees",
        "PUT /issues/{id}/watchers/{userId} puts into its watchers",
        "PATCH /issues/{id}/guests/{email} changes one of its guests",
        "PUT /issues/{id}/votes answers without state",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("  labels:"), "{told}");
}

#[test]
fn what_is_added_to_things_of_its_own_kind_is_shown_and_says_whose_it_is() {
    let shows = |status: &str, schema: Value| json!({status: {"description": "A", "content": {"application/json": {"schema": schema}}}});
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let all = |name: &str| json!({"type": "array", "items": of(name)});
    let path = |name: &str| json!([{"name": name, "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let text = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    let body = json!({"required": true, "content": {"application/json": {"schema": text}}});
    let adds = json!({"requestBody": body, "responses": shows("201", of("Comment"))});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {
            "/posts": {"get": {"responses": shows("200", all("Post"))}},
            "/posts/{postId}": {"parameters": path("postId"), "get": {"responses": shows("200", of("Post"))}},
            "/posts/{postId}/comments": {"parameters": path("postId"), "post": adds},
            "/comments": {"get": {"responses": shows("200", all("Comment"))}},
            "/comments/{id}": {"parameters": path("id"), "get": {"responses": shows("200", of("Comment"))}},
            "/comments/{id}/replies": {"parameters": path("id"), "post": adds},
        },
        "components": {"schemas": {
            "Post": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer"}, "comments": all("Comment"),
            }},
            "Comment": {"type": "object", "required": ["id", "postId", "text"], "properties": {
                "id": {"type": "integer"}, "postId": {"type": "integer"},
                "text": {"type": "string"}, "replies": all("Comment"),
            }},
        }},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    for (at, list) in [("/posts/5", "comments"), ("/comments/4", "replies")] {
        let body = json!({"text": "Nice"});
        let added = ask(&api, Method::POST, &format!("{at}/{list}"), body);
        let added = added.is(201).json();
        assert_eq!(added["text"], "Nice");
        let kept = get(&api, at)[list].clone();
        let kept = kept.as_array().expect("rows").last().expect("one").clone();
        assert_eq!(kept, added);
        if list == "comments" {
            assert_eq!(added["postId"], 5);
        }
    }
}
