use super::*;

#[test]
fn filters_compare_what_their_names_say() {
    let items = [
        json!({"id": "a", "state": "open", "price": 5, "tags": ["x", "y"], "customer_id": 7,
               "created_at": "2024-01-15T12:00:00Z", "updated_at": "2024-06-01T00:00:00Z", "active": true}),
        json!({"id": "b", "state": "closed", "price": 10.0, "tags": ["y"], "customer_id": 8,
               "created_at": "2024-02-15T12:00:00Z", "updated_at": "2024-02-15T12:00:00Z"}),
        json!({"id": "c", "state": "open", "price": 20, "tags": [{"name": "x", "id": 1}],
               "created_at": "2024-03-15T12:00:00+02:00", "updated_at": "2024-03-16T00:00:00Z", "active": false}),
    ];
    let properties = json!({
        "id": text(), "state": {"type": "string", "enum": ["open", "closed"]},
        "price": {"type": "number"}, "tags": {"type": "array", "items": {}}, "customer_id": integer(),
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"}, "active": {"type": "boolean"},
    });
    let object = || json!({"type": "object"});
    let date = || json!({"type": "string", "format": "date-time"});
    for (name, schema, value, wanted) in [
        ("state", text(), json!("open"), "a c"),
        ("state", text(), json!("all"), "a b c"),
        (
            "state",
            json!({"type": "array"}),
            json!(["open", "closed"]),
            "a b c",
        ),
        ("state", text(), json!(""), "a b c"),
        ("id", text(), json!("z"), ""),
        ("id", text(), json!("A"), ""),
        ("ids", text(), json!("a,c"), "a c"),
        ("ids", json!({"type": "array"}), json!(["b", "c"]), "b c"),
        ("id[in]", text(), json!("a, b"), "a b"),
        ("tags", text(), json!("x"), "a c"),
        ("tag", text(), json!("y"), "a b"),
        ("tags", json!({"type": "array"}), json!(["x", "y"]), "a b c"),
        ("price", json!({"type": "number"}), json!(10), "b"),
        ("price", text(), json!("10.00"), "b"),
        ("price_gte", integer(), json!(10), "b c"),
        ("price[lt]", integer(), json!(10), "a"),
        ("min_price", integer(), json!(6), "b c"),
        ("maxPrice", text(), json!("10"), "a b"),
        ("price", object(), json!({"gt": 5, "lte": 20}), "b c"),
        ("price_ne", integer(), json!(10), "a c"),
        ("active", json!({"type": "boolean"}), json!(false), "b c"),
        ("active", json!({"type": "boolean"}), json!(true), "a"),
        ("customer", text(), json!("7"), "a"),
        ("filter[state]", text(), json!("closed"), "b"),
        ("filter[price][gte]", integer(), json!(20), "c"),
        (
            "filter",
            object(),
            json!({"state": "open", "price": {"gt": 5}, "x": 1}),
            "c",
        ),
        ("created_after", date(), json!("2024-02-15T12:00:00Z"), "c"),
        ("created_before", date(), json!("2024-02-15T12:00:00Z"), "a"),
        ("createdAt[gte]", text(), json!("2024-02-15"), "b c"),
        ("created_at", text(), json!("2024-03-15"), "c"),
        ("created_at", text(), json!("2024-03-15T10:00:00Z"), "c"),
        ("created_until", text(), json!("2024-02-15"), "a b"),
        ("since", text(), json!("2024-03-01T00:00:00Z"), "a c"),
        ("start_date", date(), json!("2024-02-01T00:00:00Z"), "b c"),
        ("before", date(), json!("2024-02-01T00:00:00Z"), "a"),
        ("from", date(), json!("2024-02-01T00:00:00Z"), "b c"),
        ("created", object(), json!({"gte": 1_709_251_200}), "c"),
        ("stateIs", text(), json!("deleted"), "a b c"),
        ("min_state", text(), json!("open"), "a b c"),
        ("unknown", text(), json!("x"), "a b c"),
    ] {
        let paging = paging(json!({name: schema}), properties.clone());
        assert_eq!(
            shown(&paging, &items, json!({name: value})),
            wanted,
            "{name} {value}"
        );
    }
    let declared =
        json!({"created": {"type": "object", "properties": {"gte": integer(), "lt": integer()}}});
    let paging = paging(declared, properties.clone());
    let asked = json!({"created": {"gte": 1_706_745_600, "lt": 1_709_251_200}});
    assert_eq!(shown(&paging, &items, asked), "b");
}

#[test]
fn totals_count_what_the_filters_leave() {
    let items = numbered(50);
    let paging = paging(
        json!({"limit": integer(), "page": integer(), "n_gte": integer()}),
        json!({"n": integer()}),
    );
    let page = page(
        &paging,
        &items,
        json!({"limit": 20, "n_gte": 25, "page": 2}),
    );
    assert_eq!(
        (page.items.len(), page.total, page.items[0].0),
        (5, 25, "i45")
    );
}

#[test]
fn a_search_looks_into_every_text_of_an_item() {
    let items = [
        json!({"id": "a", "title": "Green Apples", "inner": {"notes": ["from the ORCHARD"]}}),
        json!({"id": "b", "title": "Pears"}),
    ];
    let paging = paging(json!({"q": text()}), json!({"id": text(), "title": text()}));
    for (asked, wanted) in [
        ("apple", "a"),
        ("orchard", "a"),
        ("orchard GREEN", "a"),
        ("a", "a b"),
        ("pears green", ""),
        ("", "a b"),
    ] {
        assert_eq!(
            shown(&paging, &items, json!({"q": asked})),
            wanted,
            "{asked}"
        );
    }
}
