use super::*;

#[test]
fn parameters_have_their_roles_by_name_however_it_is_written() {
    for (name, role) in [
        ("limit", "size"),
        ("per_page", "size"),
        ("PageSize", "size"),
        ("$top", "size"),
        ("_limit", "size"),
        ("maxResults", "size"),
        ("page[size]", "size"),
        ("page", "page"),
        ("pageNumber", "page"),
        ("page[number]", "page"),
        ("offset", "offset"),
        ("$skip", "offset"),
        ("startIndex", "offset"),
        ("start", "offset"),
        ("page[offset]", "offset"),
        ("since", "cursor"),
    ] {
        let paging = paging(json!({name: integer()}), json!({"id": text()}));
        assert_eq!(paging.told(), [(role, name.to_owned())], "{name}");
    }
    for (name, role) in [
        ("cursor", "cursor"),
        ("pageToken", "cursor"),
        ("starting_after", "cursor"),
        ("page[after]", "cursor"),
        ("next_token", "cursor"),
        ("ending_before", "cursor back"),
        ("before", "cursor back"),
        ("sort", "sort"),
        ("orderBy", "sort"),
        ("sort_direction", "sort"),
        ("q", "search"),
        ("searchTerm", "search"),
    ] {
        let paging = paging(json!({name: text()}), json!({"id": text()}));
        assert_eq!(paging.told(), [(role, name.to_owned())], "{name}");
    }
}

#[test]
fn names_that_say_something_else_here_have_no_role() {
    for (name, schema) in [
        ("count", json!({"type": "boolean"})),
        ("start", json!({"type": "string", "format": "date-time"})),
        ("order", json!({"type": "integer"})),
        ("fields", text()),
        (
            "limit",
            json!({"type": "string", "enum": ["daily", "weekly"]}),
        ),
    ] {
        let paging = paging(json!({name: schema}), json!({"id": text()}));
        assert_eq!(paging.told(), [], "{name}");
    }
    let own = paging(
        json!({"size": {"type": "string", "enum": ["S", "M"]}, "order": integer(), "query": text()}),
        json!({"size": text(), "order": integer(), "query": text()}),
    );
    let roles: Vec<&str> = own.told().into_iter().map(|(role, _)| role).collect();
    assert_eq!(roles, ["filter"; 3]);
}

#[test]
fn both_ends_of_a_range_are_of_no_pages() {
    for (start, end) in [
        ("from", "to"),
        ("start", "end"),
        ("since", "until"),
        ("after", "before"),
    ] {
        let paging = paging(
            json!({start: integer(), end: integer()}),
            json!({"id": text()}),
        );
        assert_eq!(paging.told(), [], "{start}");
    }
    let keys = json!({"after": text(), "before": text()});
    assert_eq!(paging(keys, json!({"id": text()})).told().len(), 2);
    let pages = json!({"after": integer(), "before": integer(), "limit": integer()});
    assert_eq!(paging(pages, json!({"id": integer()})).told().len(), 3);
}
