use super::*;

#[test]
fn lists_are_sorted_in_every_way_of_saying_so() {
    let items = [
        json!({"id": "a", "name": "beta", "price": 10, "created_at": "2024-03-01T00:00:00Z"}),
        json!({"id": "b", "name": "Alpha", "price": 9.5, "created_at": "2024-01-01T00:00:00Z"}),
        json!({"id": "c", "name": "gamma", "price": 10, "created_at": "2024-02-01T00:00:00Z"}),
        json!({"id": "d", "name": "delta"}),
    ];
    let properties =
        json!({"id": text(), "name": text(), "price": {"type": "number"}, "created_at": text()});
    let by = |query: Value, asked: Value| shown(&paging(query, properties.clone()), &items, asked);
    let sort = || json!({"sort": text()});
    for (value, order) in [
        ("name", "b a d c"),
        ("-name", "c d a b"),
        ("+name", "b a d c"),
        (" name", "b a d c"),
        ("name:desc", "c d a b"),
        ("name desc", "c d a b"),
        ("NAME_DESC", "c d a b"),
        ("name,asc", "b a d c"),
        ("price", "b a c d"),
        ("-price", "a c b d"),
        ("-price,-name", "c a b d"),
        ("price:desc,created", "c a b d"),
        ("created", "b c a d"),
        ("created_desc", "a c b d"),
        ("createdAt-desc", "a c b d"),
        ("newest", "a c b d"),
        ("oldest_first", "b c a d"),
        ("no such thing", "a b c d"),
        ("", "a b c d"),
        ("-", "a b c d"),
    ] {
        assert_eq!(by(sort(), json!({"sort": value})), order, "{value:?}");
    }
    let listed = json!({"sort": {"type": "array"}});
    assert_eq!(by(listed, json!({"sort": ["-price", "-name"]})), "c a b d");
    let deep = json!({"sort": {"type": "object"}});
    assert_eq!(by(deep, json!({"sort": {"name": "desc"}})), "c d a b");
    let direction = json!({"type": "string", "enum": ["asc", "desc"]});
    for names in [
        ("sort", "direction"),
        ("sort_by", "order"),
        ("orderBy", "sort"),
    ] {
        let query = json!({names.0: text(), names.1: direction});
        let asked = json!({names.0: "name", names.1: "desc"});
        assert_eq!(by(query, asked), "c d a b", "{names:?}");
    }
    let alone = json!({"order": direction});
    assert_eq!(
        by(alone, json!({"order": "desc"})),
        "a c b d",
        "by what was made last"
    );
    let switch = json!({"sort": text(), "ascending": {"type": "boolean"}});
    assert_eq!(
        by(switch, json!({"sort": "name", "ascending": false})),
        "c d a b"
    );
    let long = vec!["name"; 10_000].join(",");
    assert_eq!(by(sort(), json!({"sort": long})), "b a d c");
}
