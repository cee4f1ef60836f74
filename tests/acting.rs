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
