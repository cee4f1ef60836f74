use super::*;
use crate::wire::Pointer;

/// A reply of this schema, with items that have an `id`, filled for a page.
fn filled(schema: Value, items: &[Value], paging: &Paging, query: Value, reply: Value) -> Value {
    let (shapes, id) = Shapes::of_schema(&schema);
    let is_item = |id| shapes.get(id).properties.contains_key("id");
    let frame = Frame::of(&shapes, id, &is_item, None).expect("a frame");
    let page = page(paging, items, query);
    let mut filled = reply;
    let shown: Value = page.items.iter().map(|(_, item)| (*item).clone()).collect();
    match frame.items == Pointer::root() {
        true => filled = shown,
        false => {
            frame.items.set(&mut filled, shown);
        }
    }
    frame.fill(&mut filled, &page, |turn| {
        let target = paging.target(&page, turn, "/x?limit=2")?;
        Some(format!("http://h{target}"))
    });
    filled
}

fn list() -> Value {
    json!({"type": "array", "items": {"properties": {"id": text()}}})
}

#[test]
fn items_are_found_three_levels_deep_and_no_deeper() {
    let nest = |names: &[&str]| {
        names
            .iter()
            .rev()
            .fold(list(), |inner, name| json!({"properties": {*name: inner}}))
    };
    for (names, at) in [
        (&[][..], Some("")),
        (&["data"], Some("/data")),
        (&["_embedded", "x"], Some("/_embedded/x")),
        (&["a", "b", "c"], Some("/a/b/c")),
        (&["a", "b", "c", "d"], None),
    ] {
        let (shapes, id) = Shapes::of_schema(&nest(names));
        let is_item = |id| shapes.get(id).properties.contains_key("id");
        let frame = Frame::of(&shapes, id, &is_item, None);
        let at = at.and_then(Pointer::parse);
        assert_eq!(frame.map(|frame| frame.items), at, "{names:?}");
    }
    let (shapes, id) = Shapes::of_schema(&json!({"properties": {
        "errors": {"type": "array", "items": {"properties": {"code": text()}}},
        "data": list(),
    }}));
    let is_item = |id| shapes.get(id).properties.contains_key("id");
    let frame = Frame::of(&shapes, id, &is_item, None).expect("a frame");
    assert_eq!(frame.items.as_str(), "/data");
}

#[test]
fn a_frame_tells_what_is_true_of_the_page() {
    let items = numbered(5);
    let numbers = paging(json!({"page": integer(), "limit": integer()}), json!({}));
    let second = || json!({"page": 2, "limit": 2});
    let schema = json!({"properties": {
        "items": list(),
        "meta": {"properties": {
            "totalCount": integer(), "count": integer(), "per_page": integer(),
            "total_pages": integer(), "current_page": integer(), "next_page": {"type": ["integer", "null"]},
            "from": integer(), "to": integer(), "hasMore": {"type": "boolean"}, "other": integer(),
        }},
        "links": {"properties": {
            "self": text(), "next": {"type": "string", "format": "uri"},
            "prev": {"type": ["string", "null"]},
            "last": {"type": "object", "properties": {"href": text(), "title": text()}},
        }},
    }});
    let before = json!({"meta": {"other": 7}, "links": {"last": {"title": "t"}}});
    assert_eq!(
        filled(schema, &items, &numbers, second(), before),
        json!({
            "items": [items[2], items[3]],
            "meta": {"other": 7, "totalCount": 5, "count": 2, "per_page": 2, "total_pages": 3,
                     "current_page": 2, "next_page": 3, "from": 3, "to": 4, "hasMore": true},
            "links": {
                "self": "http://h/x?limit=2", "next": "http://h/x?limit=2&page=3",
                "prev": "http://h/x?limit=2&page=1",
                "last": {"title": "t", "href": "http://h/x?limit=2&page=3"},
            },
        })
    );
}

#[test]
fn frames_of_well_known_styles_are_filled() {
    let items = numbered(5);
    let offsets = paging(json!({"offset": integer(), "limit": integer()}), json!({}));
    let nullable = || json!({"type": ["string", "null"], "format": "uri"});
    let django = json!({"properties": {
        "count": integer(), "next": nullable(), "previous": nullable(), "results": list(),
    }});
    assert_eq!(
        filled(
            django,
            &items,
            &offsets,
            json!({"offset": 4, "limit": 2}),
            json!({})
        ),
        json!({"count": 5, "next": null, "previous": "http://h/x?limit=2&offset=2", "results": [items[4]]})
    );
    let keys = paging(json!({"after": text(), "limit": integer()}), json!({}));
    let openai = json!({"properties": {
        "object": text(), "data": list(), "first_id": text(), "last_id": text(),
        "has_more": {"type": "boolean"},
    }});
    assert_eq!(
        filled(
            openai,
            &items,
            &keys,
            json!({"limit": 2}),
            json!({"object": "list"})
        ),
        json!({"object": "list", "data": [items[0], items[1]], "first_id": "i0", "last_id": "i1", "has_more": true})
    );
    let tokens = paging(
        json!({"pageToken": text(), "pageSize": integer()}),
        json!({}),
    );
    let google = json!({"properties": {"items": list(), "nextPageToken": text()}});
    let last = filled(
        google.clone(),
        &items,
        &tokens,
        json!({"pageSize": 9}),
        json!({"nextPageToken": "x"}),
    );
    assert_eq!(last, json!({"items": items}), "no token, no member");
    let first = filled(google, &items, &tokens, json!({"pageSize": 3}), json!({}));
    let rest = json!({"pageToken": first["nextPageToken"], "pageSize": 3});
    assert_eq!(shown(&tokens, &items, rest), "i3 i4");
    let spring = json!({"properties": {
        "content": list(), "totalElements": integer(), "totalPages": integer(), "last": {"type": "boolean"},
        "first": {"type": "boolean"}, "size": integer(), "number": integer(), "numberOfElements": integer(),
    }});
    let zero = paging(
        json!({"page": {"type": "integer", "default": 0}, "size": integer()}),
        json!({}),
    );
    let second = filled(
        spring,
        &items,
        &zero,
        json!({"page": 1, "size": 2}),
        json!({}),
    );
    assert_eq!(
        (&second["totalElements"], &second["totalPages"]),
        (&json!(5), &json!(3))
    );
    assert_eq!(
        (&second["first"], &second["last"]),
        (&json!(false), &json!(false))
    );
}

#[test]
fn what_must_be_there_is_there_when_there_is_nothing() {
    let items = numbered(1);
    let tokens = paging(json!({"cursor": text(), "limit": integer()}), json!({}));
    let schema = json!({
        "properties": {
            "data": list(), "next_cursor": text(), "total": text(), "next": {"type": "string", "format": "uri"},
        },
        "required": ["next_cursor", "next"],
    });
    assert_eq!(
        filled(schema, &items, &tokens, json!({}), json!({})),
        json!({"data": items, "next_cursor": "", "total": "1", "next": "http://h/x?limit=2"})
    );
}
