//! What operations do to what is remembered: actions, states and their moments, and what follows.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

/// An API whose clock stands still.
fn of(paths: &str, schemas: &str) -> Counterpart {
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"
    );
    let contract = Contract::from_text("t.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("t".to_owned(), contract)]))
}

fn post(api: &Counterpart, path: &str, body: Value) -> Answer {
    api.ask(Method::POST, path).json(body).send()
}

fn get(api: &Counterpart, path: &str) -> Value {
    api.get(path).send().is(200).json()
}

/// `GET`, `POST` and `PATCH` of things that are all of one schema.
fn crud(path: &str, schema: &str, sent: &str) -> String {
    let shown = format!("{{$ref: '#/components/schemas/{schema}'}}");
    let taken = format!("{{$ref: '#/components/schemas/{sent}'}}");
    let json = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
    let one = format!("{{'200': {{description: One, {}}}}}", json(&shown));
    format!(
        "  {path}:
    get: {{responses: {{'200': {{description: All, {all}}}}}}}
    post: {{requestBody: {{{taken}}}, responses: {{'201': {{description: Made, {shown}}}}}}}
  {path}/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {one}}}
    patch: {{requestBody: {{{taken}}}, responses: {one}}}
",
        all = json(&format!("{{type: array, items: {shown}}}")),
        taken = json(&taken),
        shown = json(&shown),
    )
}

/// An operation below an item that answers with it.
fn act(path: &str, method: &str, takes: &str, schema: &str) -> String {
    let body = match takes {
        "" => String::new(),
        takes => format!(
            "requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {takes}}}}}}}}}, "
        ),
    };
    format!(
        "  {path}:
    {method}: {{parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}], {body}responses: {{'200': {{description: One, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}}}}}
"
    )
}

const ORDER: &str = "
    NewOrder: {type: object, required: [customer], properties: {customer: {type: string}, amount: {type: number}, state: {type: string, enum: [NEW, SHIPPED, CANCELLED]}}}
    Order: {type: object, required: [id, customer, state, isPaid, shippedAt, cancelledAt], properties: {
      id: {type: integer}, customer: {type: string}, amount: {type: number}, state: {type: string, enum: [NEW, SHIPPED, CANCELLED]},
      isPaid: {type: boolean}, paid_at: {type: string, format: date-time}, amountRefunded: {type: number}, cancellationReason: {type: string},
      shippedAt: {type: string, format: date-time, nullable: true}, cancelledAt: {type: string, format: date-time, nullable: true}, createdAt: {type: string, format: date-time}}}
    Hidden: {type: object, properties: {order: {$ref: '#/components/schemas/Order'}}}
";

fn orders() -> Counterpart {
    let acts = [
        act(
            "/orders/{id}/state",
            "put",
            "{state: {type: string}, secret: {type: string}}",
            "Order",
        ),
        act(
            "/orders/{id}/cancel",
            "post",
            "{reason: {type: string}}",
            "Hidden",
        ),
        act("/orders/{id}/mark-as-paid", "post", "", "Order"),
        act("/orders/{id}/mark-as-paid", "delete", "", "Order")
            .replace("  /orders/{id}/mark-as-paid:\n", ""),
        act(
            "/orders/{id}:refund",
            "post",
            "{amount: {type: number}}",
            "Order",
        ),
        act(
            "/orders/{id}/preview",
            "post",
            "{customer: {type: string}}",
            "Order",
        ),
    ];
    of(
        &(crud("/orders", "Order", "NewOrder") + &acts.concat()),
        ORDER,
    )
}

#[test]
fn an_action_shows_the_item_as_it_is_and_changes_what_it_tells_of() {
    let shop = orders();
    let made = post(&shop, "/orders", json!({"customer": "Zoe", "amount": 20.5})).is(201);
    let at = made.header("location").to_owned();
    let mut order = made.json();
    let is_seen = |order: &Value| assert_eq!(get(&shop, &at), *order);
    let shipped = shop.put(&format!("{at}/state"));
    let shipped = shipped.json(json!({"state": "SHIPPED", "secret": "x"}));
    let shipped = shipped.send().is(200);
    assert!(!shipped.text.contains("secret"), "{}", shipped.text);
    let shipped = shipped.json();
    assert!(shipped["shippedAt"].is_string(), "{shipped}");
    order["state"] = json!("SHIPPED");
    order["shippedAt"] = shipped["shippedAt"].clone();
    assert_eq!(shipped, order);
    is_seen(&order);
    // What is no action on it leaves it alone.
    post(&shop, &format!("{at}/preview"), json!({"customer": "Bo"})).is(200);
    is_seen(&order);
    let paid = shop.ask(Method::POST, &format!("{at}/mark-as-paid"));
    let paid = paid.send().is(200).json();
    assert_eq!(paid["isPaid"], true);
    assert!(paid["paid_at"].is_string(), "{paid}");
    is_seen(&paid);
    let unpaid = shop.ask(Method::DELETE, &format!("{at}/mark-as-paid"));
    let unpaid = unpaid.send().is(200).json();
    assert_eq!(
        (&unpaid["isPaid"], unpaid.get("paid_at")),
        (&json!(false), None)
    );
    let refunded = post(&shop, &format!("{at}:refund"), json!({"amount": 5})).is(200);
    let refunded = refunded.json();
    let sums = (&refunded["amount"], &refunded["amountRefunded"]);
    assert_eq!(sums, (&json!(20.5), &json!(5)));
    let gone = post(&shop, &format!("{at}/cancel"), json!({"reason": "ill"})).is(200);
    let gone = gone.json()["order"].clone();
    let told = (
        &gone["state"],
        &gone["cancellationReason"],
        &gone["customer"],
    );
    assert_eq!(told, (&json!("CANCELLED"), &json!("ill"), &json!("Zoe")));
    assert!(gone["cancelledAt"].is_string(), "{gone}");
    is_seen(&gone);
}

#[test]
fn an_action_on_what_nobody_wrote_is_one_on_what_stands_for_it() {
    let shop = orders();
    let order = get(&shop, "/orders/3");
    let gone = post(&shop, "/orders/3/cancel", json!({})).is(200).json()["order"].clone();
    assert_eq!(
        (&gone["state"], &gone["id"]),
        (&json!("CANCELLED"), &json!(3))
    );
    assert_eq!(gone["customer"], order["customer"]);
    assert_eq!(get(&shop, "/orders/3"), gone);
}

#[test]
fn what_is_added_below_one_thing_is_in_its_list() {
    let cart = "
  /cart:
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, properties: {cart: {$ref: '#/components/schemas/Cart'}}}}}}}}
  /cart/items:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {item: {type: object, properties: {productId: {type: integer}, quantity: {type: integer}, secret: {type: string}}}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {type: object, required: [cart], properties: {cart: {$ref: '#/components/schemas/Cart'}}}}}}}";
    let schemas = "
    Cart: {type: object, required: [items, total], properties: {id: {type: integer}, items: {type: array, items: {type: object, required: [productId, quantity, unitPrice, lineTotal], properties: {
      productId: {type: integer}, quantity: {type: integer}, unitPrice: {type: number}, lineTotal: {type: number}}}}, itemsCount: {type: integer}, total: {type: number}}}
";
    let shop = of(cart, schemas);
    let before = get(&shop, "/cart")["cart"].clone();
    let sent = json!({"item": {"productId": 8, "quantity": 3, "secret": "x"}});
    let after = post(&shop, "/cart/items", sent).is(201);
    assert!(!after.text.contains("secret"), "{}", after.text);
    let after = after.json()["cart"].clone();
    let count = before["items"].as_array().map_or(0, Vec::len);
    let row = &after["items"][count];
    assert_eq!(
        (&row["productId"], &row["quantity"]),
        (&json!(8), &json!(3))
    );
    let price = row["unitPrice"].as_f64().expect("a price");
    let total = row["lineTotal"].as_f64().expect("a total");
    assert!((price * 3.0 - total).abs() < 0.01, "{row}");
    assert_eq!(
        (&after["id"], &after["itemsCount"]),
        (&before["id"], &json!(count + 1))
    );
    assert_eq!(get(&shop, "/cart")["cart"], after);
}

#[test]
fn a_change_of_state_has_its_moment_and_what_did_not_happen_has_none() {
    let schemas = "
    NewIssue: {type: object, properties: {title: {type: string}, state: {type: string, enum: [open, closed]}, published: {type: boolean}, closed_at: {type: string, format: date-time, nullable: true}}}
    Issue: {type: object, required: [id, state, closed_at], properties: {id: {type: integer}, title: {type: string}, state: {type: string, enum: [open, closed]},
      closed_at: {type: string, format: date-time, nullable: true}, published: {type: boolean}, publishedOn: {type: string, format: date, readOnly: true}}}
";
    let desk = of(&crud("/issues", "Issue", "NewIssue"), schemas);
    let made = post(&desk, "/issues", json!({"title": "A", "published": true})).is(201);
    let at = made.header("location").to_owned();
    let made = made.json();
    assert_eq!(
        made["publishedOn"].as_str().map(str::len),
        Some(10),
        "{made}"
    );
    let patch = |body: Value| desk.patch(&at).json(body).send().is(200).json();
    let closed = patch(json!({"state": "closed"}));
    assert!(closed["closed_at"].is_string(), "{closed}");
    let open = patch(json!({"state": "open", "published": false}));
    assert_eq!(
        (&open["closed_at"], open.get("publishedOn")),
        (&Value::Null, None)
    );
    // What the client says of the moment stands.
    let said = patch(json!({"state": "closed", "closed_at": "2020-01-01T00:00:00Z"}));
    assert_eq!(said["closed_at"], "2020-01-01T00:00:00Z");
    assert_eq!(
        patch(json!({"title": "B"}))["closed_at"],
        "2020-01-01T00:00:00Z"
    );
}

#[test]
fn what_is_made_up_of_something_new_follows_what_was_sent_and_is_new() {
    let schemas = "
    NewThing: {type: object, properties: {name: {type: string}, items: {type: array, items: {type: object, properties: {quantity: {type: integer}, price: {type: number}}}}, category_id: {type: integer}, people: {type: array, items: {type: string}}}}
    Thing: {type: object, required: [id, slug, subtotal, total, comments, lastSeen, category, people], properties: {id: {type: integer}, name: {type: string}, slug: {type: string},
      items: {type: array, items: {type: object, properties: {quantity: {type: integer}, price: {type: number}}}}, subtotal: {type: number}, total: {type: number}, comments: {type: integer},
      category_id: {type: integer}, category: {type: object, required: [id], properties: {id: {type: integer}}}, lastSeen: {type: string, format: date-time}, createdAt: {type: string, format: date-time},
      people: {type: array, items: {type: object, required: [id, type, login], properties: {id: {type: integer}, type: {type: string}, login: {type: string}}}}}}
";
    let shop = of(&crud("/things", "Thing", "NewThing"), schemas);
    let sent = json!({"name": "Blue Mug", "category_id": 4, "people": ["zoe"],
                      "items": [{"quantity": 2, "price": 3}, {"quantity": 1, "price": 4}]});
    let made = post(&shop, "/things", sent).is(201).json();
    assert_eq!(made["slug"], "blue-mug");
    assert_eq!(made["category"]["id"], 4);
    assert_eq!(made["people"][0]["login"], "zoe");
    assert_eq!(
        (&made["subtotal"], &made["total"]),
        (&json!(10), &json!(10))
    );
    assert_eq!(made["comments"], 0);
    let seen = made["lastSeen"].as_str().expect("a moment");
    assert!(
        seen >= made["createdAt"].as_str().expect("a moment"),
        "{made}"
    );
    let none = post(&shop, "/things", json!({"items": []})).is(201).json();
    assert_eq!((&none["subtotal"], &none["total"]), (&json!(0), &json!(0)));
}

#[test]
fn what_is_made_and_not_remembered_happened_now() {
    let paths = "
  /session:
    post: {responses: {'201': {description: Made, content: {application/json: {schema: {type: object, required: [token, issued_at, expires_at], properties: {
      token: {type: string}, issued_at: {type: string, format: date-time}, expires_at: {type: string, format: date-time}}}}}}}}";
    let api = of(paths, "    None: {}");
    let made = post(&api, "/session", json!({})).is(201).json();
    let text = |name: &str| made[name].as_str().expect("a moment").to_owned();
    assert!(text("issued_at").as_str() >= "2026", "{made}");
    assert!(text("expires_at") > text("issued_at"), "{made}");
}

#[test]
fn an_example_of_one_item_is_shown_as_that_which_the_path_names() {
    let paths = "
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, examples: {dog: {value: {id: 1, name: Rex}}, cat: {value: {id: 2, name: Mia}}}}}}}}
    delete: {responses: {'204': {description: Gone}}}";
    let pets = of(
        paths,
        "    Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}",
    );
    assert_eq!(get(&pets, "/pets/17"), json!({"id": 17, "name": "Rex"}));
    assert_eq!(get(&pets, "/pets/1"), json!({"id": 1, "name": "Rex"}));
}

#[test]
fn what_nobody_said_of_a_person_follows_a_new_name() {
    let schemas = "
    NewUser: {type: object, properties: {firstName: {type: string}, email: {type: string}}}
    User: {type: object, required: [id, firstName, lastName, email, username], properties: {id: {type: integer}, firstName: {type: string}, lastName: {type: string}, email: {type: string, format: email}, username: {type: string}}}
";
    let users = of(&crud("/users", "User", "NewUser"), schemas);
    let patch = |body: Value| users.patch("/users/7").json(body).send().is(200).json();
    let renamed = patch(json!({"firstName": "Xaver"}));
    let starts = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| text.starts_with("xaver."))
    };
    assert!(
        starts(&renamed["email"]) && starts(&renamed["username"]),
        "{renamed}"
    );
    // What a client may have said stands.
    patch(json!({"email": "x@y.example"}));
    assert_eq!(patch(json!({"firstName": "Bo"}))["email"], "x@y.example");
}

#[test]
fn what_hangs_on_something_is_found_under_its_new_name() {
    let label = "{type: object, required: [name], properties: {name: {type: string}}}";
    let parameters = "parameters: [{name: owner, in: path, required: true, schema: {type: string}}, {name: repo, in: path, required: true, schema: {type: string}}";
    let json = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
    let paths = format!(
        "  /repos/{{owner}}/{{repo}}:
    {parameters}]
    get: {{responses: {{'200': {{description: One, {one}}}}}}}
    patch: {{requestBody: {{{one}}}, responses: {{'200': {{description: One, {one}}}}}}}
  /repos/{{owner}}/{{repo}}/labels:
    {parameters}]
    get: {{responses: {{'200': {{description: All, {all}}}}}}}
    post: {{requestBody: {{{one}}}, responses: {{'201': {{description: Made, {one}}}}}}}
  /repos/{{owner}}/{{repo}}/labels/{{name}}:
    {parameters}, {{name: name, in: path, required: true, schema: {{type: string}}}}]
    get: {{responses: {{'200': {{description: One, {one}}}}}}}",
        one = json(label),
        all = json(&format!("{{type: array, items: {label}}}")),
    );
    let git = of(&paths, "    None: {}");
    post(&git, "/repos/a/web/labels", json!({"name": "bug"})).is(201);
    post(&git, "/repos/a/web2/labels", json!({"name": "other"})).is(201);
    let all = get(&git, "/repos/a/web/labels");
    let renamed = git.patch("/repos/a/web").json(json!({"name": "site"}));
    renamed.send().is(200);
    assert_eq!(get(&git, "/repos/a/site/labels"), all);
    assert_eq!(
        get(&git, "/repos/a/site/labels/bug"),
        json!({"name": "bug"})
    );
    git.get("/repos/a/web/labels").send().is(404);
    assert_ne!(get(&git, "/repos/a/web2/labels"), all);
}

#[test]
fn what_is_taken_of_a_sum_is_of_the_sum_that_was_said() {
    let schemas = "
    NewCharge: {type: object, required: [amount], properties: {amount: {type: integer}}}
    Charge: {type: object, required: [id, amount, fee, net, amount_refunded], properties: {id: {type: integer}, amount: {type: integer}, fee: {type: integer}, net: {type: integer}, amount_refunded: {type: integer}}}
";
    let api = of(&crud("/charges", "Charge", "NewCharge"), schemas);
    let made = post(&api, "/charges", json!({"amount": 2000}))
        .is(201)
        .json();
    let number = |name: &str| made[name].as_i64().expect("a number");
    assert_eq!(number("fee") + number("net"), 2000, "{made}");
    assert_eq!(number("amount_refunded"), 0);
}

#[test]
fn an_action_may_be_written_as_a_question_is_and_turn_a_flag() {
    let paths = crud("/stays", "Stay", "NewStay")
        + &act(
            "/stays/{id}/check-in",
            "post",
            "{room: {type: string}}",
            "Stay",
        )
        + &act("/stays/{id}/check_out", "post", "", "Stay")
        + &act("/stays/{id}/toggle", "post", "", "Stay")
        + &act("/stays/{id}/toggle-paid", "post", "", "Stay");
    let schemas = "
    NewStay: {type: object, properties: {guest: {type: string}}}
    Stay: {type: object, required: [id, guest, status, active, isPaid], properties: {id: {type: integer}, guest: {type: string}, room: {type: string},
      status: {type: string, enum: [booked, checked_in, checked_out]}, active: {type: boolean}, isPaid: {type: boolean}}}
";
    let hotel = of(&paths, schemas);
    let made = post(&hotel, "/stays", json!({"guest": "Zoe"})).is(201);
    let at = made.header("location").to_owned();
    let mut stay = made.json();
    let act = |word: &str, body: Value| {
        let shown = post(&hotel, &format!("{at}/{word}"), body).is(200).json();
        assert_eq!(get(&hotel, &at), shown);
        shown
    };
    stay["status"] = json!("checked_in");
    stay["room"] = json!("12");
    assert_eq!(act("check-in", json!({"room": "12"})), stay);
    stay["status"] = json!("checked_out");
    assert_eq!(act("check_out", json!({})), stay);
    for _ in 0..2 {
        stay["active"] = (stay["active"] == false).into();
        assert_eq!(act("toggle", json!({})), stay);
        stay["isPaid"] = (stay["isPaid"] == false).into();
        assert_eq!(act("toggle-paid", json!({})), stay);
    }
}

#[test]
fn what_an_item_has_is_put_changed_and_taken_away_by_a_path_of_its_own() {
    let one = "{'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Task'}}}}}";
    let body = |schema: &str| {
        format!("requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}")
    };
    let id = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]";
    let place = "{type: object, properties: {text: {type: string}, emoji: {type: string}}}";
    let paths = crud("/tasks", "Task", "NewTask")
        + &format!(
            "  /tasks/{{id}}/place:
    {id}
    put: {{{whole}, responses: {one}}}
    patch: {{{whole}, responses: {{'200': {{description: It, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Place'}}}}}}}}}}}}
  /tasks/{{id}}/assignee:
    {id}
    put: {{{by_id}, responses: {one}}}
    delete: {{responses: {{'204': {{description: Gone}}}}}}
",
            whole = body(place),
            by_id = body("{type: object, required: [user_id], properties: {user_id: {type: integer}}}"),
        );
    let schemas = "
    NewTask: {type: object, properties: {title: {type: string}}}
    Place: {type: object, properties: {text: {type: string}, emoji: {type: string}}}
    Task: {type: object, required: [id, title], properties: {id: {type: integer}, title: {type: string}, place: {$ref: '#/components/schemas/Place'},
      assignee_id: {type: integer, nullable: true}, assignee: {type: object, nullable: true, properties: {id: {type: integer}, name: {type: string}}}}}
";
    let api = of(&paths, schemas);
    let at = post(&api, "/tasks", json!({"title": "A"})).is(201);
    let at = at.header("location").to_owned();
    let ask = |method, word: &str, body: Value| {
        let asking = api.ask(method, &format!("{at}/{word}"));
        asking.json(body).send().is(200).json()
    };
    let away = json!({"text": "away", "emoji": "x"});
    let task = ask(Method::PUT, "place", away.clone());
    assert_eq!((&task["place"], &task["title"]), (&away, &json!("A")));
    assert_eq!(get(&api, &at), task);
    let back = json!({"text": "back", "emoji": "x"});
    assert_eq!(ask(Method::PATCH, "place", json!({"text": "back"})), back);
    assert_eq!(get(&api, &at)["place"], back);
    let task = ask(Method::PUT, "place", json!({"text": "here"}));
    assert_eq!(task["place"], json!({"text": "here"}));
    let task = ask(Method::PUT, "assignee", json!({"user_id": 7}));
    assert_eq!(
        (&task["assignee_id"], &task["assignee"]["id"]),
        (&json!(7), &json!(7))
    );
    api.ask(Method::DELETE, &format!("{at}/assignee"))
        .send()
        .is(204);
    let task = get(&api, &at);
    assert_eq!(
        (&task["assignee_id"], &task["assignee"]),
        (&json!(null), &json!(null))
    );
}

#[test]
fn what_is_taken_back_did_not_happen_and_what_follows_from_a_change_does() {
    let paths = crud("/accounts", "Account", "NewAccount")
        + &act("/accounts/{id}/freeze", "post", "", "Account")
        + &act("/accounts/{id}/unfreeze", "post", "", "Account");
    let schemas = "
    NewAccount: {type: object, properties: {currency: {type: string}, stock: {type: integer}}}
    Account: {type: object, required: [id, currency, status, balance, stock, in_stock], properties: {id: {type: integer}, currency: {type: string},
      balance: {type: object, required: [amount, currency], properties: {amount: {type: number}, currency: {type: string}}},
      status: {type: string, enum: [active, frozen]}, frozenAt: {type: string, format: date-time, nullable: true},
      stock: {type: integer, minimum: 0}, in_stock: {type: boolean, readOnly: true}}}
";
    let bank = of(&paths, schemas);
    let made = post(&bank, "/accounts", json!({"currency": "CHF", "stock": 3})).is(201);
    let at = made.header("location").to_owned();
    let made = made.json();
    assert_eq!(
        (&made["balance"]["currency"], &made["in_stock"]),
        (&json!("CHF"), &json!(true))
    );
    let act = |word: &str| {
        post(&bank, &format!("{at}/{word}"), json!({}))
            .is(200)
            .json()
    };
    let frozen = act("freeze");
    assert!(
        frozen["status"] == "frozen" && frozen["frozenAt"].is_string(),
        "{frozen}"
    );
    let active = act("unfreeze");
    assert_eq!(
        (&active["status"], &active["frozenAt"]),
        (&json!("active"), &json!(null))
    );
    for (stock, is_there) in [(0, false), (2, true)] {
        let changed = bank.patch(&at).json(json!({"stock": stock})).send();
        assert_eq!(changed.is(200).json()["in_stock"], is_there);
    }
}
