//! The live API: `specs/live.yaml`, as its page says and as RFC 9110 asks of its conditions.

use crate::harness::{
    Answer, Counterpart, NONE, all_four, at_once, counterpart, failures, misjudged,
};
use counterpart::wire::Method;
use serde_json::{Value, json};

const SCHEDULED: &str = "/v1/sessions/11111111-1111-4111-8111-111111111111";
const LIVE: &str = "/v1/sessions/22222222-2222-4222-8222-222222222222";
const ENDED: &str = "/v1/sessions/33333333-3333-4333-8333-333333333333";
const CANCELLED: &str = "/v1/sessions/44444444-4444-4444-8444-444444444444";
const UNKNOWN: &str = "/v1/sessions/99999999-9999-4999-8999-999999999999";
const LIST: &str = "/v1/sessions";

fn live() -> Counterpart {
    counterpart("live")
}

fn update(mock: &Counterpart, body: Value) -> Answer {
    mock.patch(SCHEDULED).json(body).send()
}

/// The scheduled session as the fixtures have it.
fn morning_flow() -> Value {
    json!({
        "id": "11111111-1111-4111-8111-111111111111",
        "host_id": "host_mira",
        "brand_id": "brand_loop",
        "title": "Morning flow",
        "kind": "live",
        "category": "yoga",
        "scheduled_at": "2025-06-02T07:00:00.000Z",
        "started_at": null,
        "ended_at": null,
        "status": "scheduled",
        "stream_call_id": null,
        "max_participants": 20,
        "duration_minutes": null,
        "recording_url": null,
        "metadata": {},
        "created_at": "2025-05-20T08:00:00.000Z",
        "updated_at": "2025-05-20T08:00:00.000Z",
        "registered_count": 12,
        "is_registered": false
    })
}

/// The same with these changed, by an update.
fn changed(changes: Value) -> Value {
    let mut session = morning_flow();
    session["updated_at"] = json!("2025-06-01T12:00:00.000Z");
    for (name, value) in changes.as_object().expect("an object") {
        session[name] = value.clone();
    }
    session
}

/// What an update must not touch when it's refused.
fn state(mock: &Counterpart, item: &str) -> Vec<(String, String)> {
    let read = |target: &str| mock.get(target).send().is(200);
    let read = [read(item), read(LIST)];
    read.map(|answer| (answer.header("etag").to_owned(), answer.text))
        .to_vec()
}

#[test]
fn a_session_reads_with_all_the_properties_of_the_page_in_its_order() {
    live().get(SCHEDULED).send().is(200).reads(&morning_flow());
}

#[test]
fn an_update_answers_with_all_the_properties_of_the_page_in_its_order() {
    let mock = live();
    let changes = json!({
        "title": "Evening flow",
        "scheduled_at": "2025-06-02T18:00:00.000Z",
        "max_participants": 25,
        "kind": "office_hours",
        "metadata": {"level": "beginner", "props": ["mat", "block"], "none": {}}
    });
    let answer = update(&mock, changes.clone()).is(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.reads(&changed(changes));
}

#[test]
fn each_property_alone_is_replaced_and_the_rest_stays() {
    for changes in [
        json!({"title": "Evening flow"}),
        json!({"scheduled_at": "2025-06-02T18:00:00.000Z"}),
        json!({"max_participants": 25}),
        json!({"kind": "office_hours"}),
        json!({"metadata": {"a": [1, {"b": false}]}}),
    ] {
        let answer = update(&live(), changes.clone());
        answer.is(200).reads(&changed(changes));
    }
}

#[test]
fn updates_add_up_in_any_order() {
    let steps = [
        json!({"title": "A"}),
        json!({"max_participants": 7}),
        json!({"kind": "office_hours"}),
    ];
    let end = changed(json!({"title": "A", "max_participants": 7, "kind": "office_hours"}));
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mock = live();
        for step in order {
            update(&mock, steps[step].clone()).is(200);
        }
        mock.get(SCHEDULED).send().is(200).reads(&end);
    }
}

#[test]
fn an_array_in_the_metadata_is_replaced_whole() {
    let mock = live();
    update(
        &mock,
        json!({"metadata": {"props": ["mat", "block", "strap"]}}),
    )
    .is(200);
    let answer = update(&mock, json!({"metadata": {"props": ["ball"]}})).is(200);
    assert_eq!(answer.json()["metadata"], json!({"props": ["ball"]}));
}

#[test]
fn a_running_session_is_updated_too() {
    let answer = live().patch(LIVE).json(json!({"title": "Strength"})).send();
    let session = answer.is(200).json();
    assert_eq!(session["title"], "Strength");
    assert_eq!(session["status"], "live");
    assert_eq!(session["started_at"], "2025-06-01T11:31:12.000Z");
}

#[test]
fn what_was_written_is_read_back_from_the_item_and_from_the_list() {
    let mock = live();
    let updated = update(&mock, json!({"title": "Evening flow"}))
        .is(200)
        .json();
    assert_eq!(mock.get(SCHEDULED).send().is(200).json(), updated);
    let list = mock.get(LIST).send().is(200).json();
    assert_eq!(list["sessions"][0], updated);
    assert_eq!(list["total"], 4);
}

#[test]
fn the_list_narrows_by_status_and_kind() {
    let mock = live();
    update(&mock, json!({"kind": "office_hours"})).is(200);
    for (query, ids) in [
        ("", "1234"),
        ("?status=scheduled", "1"),
        ("?status=live", "2"),
        ("?kind=office_hours", "14"),
        ("?kind=live", "23"),
        ("?kind=office_hours&status=cancelled", "4"),
        ("?kind=live&status=cancelled", ""),
    ] {
        let list = mock.get(&format!("{LIST}{query}")).send().is(200).json();
        let sessions = list["sessions"].as_array().expect("an array");
        let first = |session: &Value| session["id"].as_str().expect("an id")[..1].to_owned();
        assert_eq!(
            sessions.iter().map(first).collect::<String>(),
            ids,
            "{query}"
        );
        assert_eq!(list["total"], ids.len(), "{query}");
    }
}

#[test]
fn an_undocumented_filter_value_is_422_and_names_the_parameter() {
    let answer = live().get("/v1/sessions?kind=class&status=over").send();
    let mut parameters = answer.problem(422).parameters();
    parameters.sort();
    assert_eq!(parameters, ["kind", "status"]);
}

#[test]
fn properties_that_the_request_does_not_declare_have_no_effect() {
    let body = json!({
        "id": "99999999-9999-4999-8999-999999999999",
        "host_id": "host_evil",
        "brand_id": 5,
        "category": "boxing",
        "started_at": "2025-06-02T18:00:00.000Z",
        "ended_at": "2025-06-02T18:00:00.000Z",
        "status": "ended",
        "stream_call_id": "call",
        "duration_minutes": 5,
        "recording_url": "https://example.com",
        "created_at": "2000-01-01T00:00:00.000Z",
        "updated_at": "2000-01-01T00:00:00.000Z",
        "registered_count": 99,
        "is_registered": true,
        "__proto__": {"status": "ended"},
        "surprise": [null],
        "title": "Evening flow"
    });
    let mock = live();
    let expected = changed(json!({"title": "Evening flow"}));
    update(&mock, body).is(200).reads(&expected);
    mock.get(SCHEDULED).send().is(200).reads(&expected);
    mock.get(UNKNOWN).send().is(404);
}

#[test]
fn a_wrong_type_in_an_undeclared_property_is_no_violation() {
    let answer = update(&live(), json!({"status": 5, "id": null, "title": "A"}));
    answer.is(200).reads(&changed(json!({"title": "A"})));
}

#[test]
fn values_at_the_boundary_are_accepted() {
    for (name, value) in [
        ("title", json!("x")),
        ("title", json!("é")),
        ("title", json!("🧘")),
        ("title", json!(" ")),
        ("title", json!("x".repeat(10_000))),
        ("title", json!("\"\\\u{0}\n</script>")),
        ("max_participants", json!(1)),
        ("max_participants", json!(2_147_483_648_u64)),
        ("max_participants", json!(9_007_199_254_740_991_u64)),
        ("kind", json!("live")),
        ("kind", json!("office_hours")),
        ("scheduled_at", json!("2025-06-02T18:00:00Z")),
        ("scheduled_at", json!("2025-06-02T18:00:00.123456789Z")),
        ("scheduled_at", json!("2025-06-02T18:00:00+05:30")),
        ("scheduled_at", json!("2024-02-29T00:00:00-00:00")),
        ("metadata", json!({})),
        (
            "metadata",
            json!({"": 1, "é": [[], {}], "long": "x".repeat(10_000)}),
        ),
    ] {
        let answer = update(&live(), json!({ name: value }));
        assert_eq!(answer.status, 200, "{name} {value}: {}", answer.text);
        assert_eq!(answer.json()[name], value);
    }
}

#[test]
fn a_whole_number_written_with_a_fraction_of_zero_is_an_integer() {
    let answer = live()
        .patch(SCHEDULED)
        .body("application/json", r#"{"max_participants": 5.0}"#)
        .send();
    assert_eq!(
        answer.is(200).json()["max_participants"].as_f64(),
        Some(5.0)
    );
}

#[test]
fn every_value_that_breaks_the_page_is_422_at_its_place() {
    let wrong = [
        ("title", json!("")),
        ("title", json!(5)),
        ("title", json!(null)),
        ("title", json!(true)),
        ("title", json!(["Morning"])),
        ("title", json!({"en": "Morning"})),
        ("max_participants", json!(0)),
        ("max_participants", json!(-1)),
        ("max_participants", json!(1.5)),
        ("max_participants", json!(0.999_999)),
        ("max_participants", json!("5")),
        ("max_participants", json!(null)),
        ("max_participants", json!(true)),
        ("max_participants", json!([5])),
        ("max_participants", json!({})),
        ("kind", json!("class")),
        ("kind", json!("LIVE")),
        ("kind", json!("live ")),
        ("kind", json!("")),
        ("kind", json!(0)),
        ("kind", json!(null)),
        ("kind", json!(["live"])),
        ("scheduled_at", json!("")),
        ("scheduled_at", json!("tomorrow")),
        ("scheduled_at", json!("2025-06-02")),
        ("scheduled_at", json!("18:00:00Z")),
        ("scheduled_at", json!("2025-06-02T18:00:00")),
        ("scheduled_at", json!("2025-02-30T18:00:00Z")),
        ("scheduled_at", json!("2025-02-29T18:00:00Z")),
        ("scheduled_at", json!("2025-13-01T18:00:00Z")),
        ("scheduled_at", json!("2025-06-02T24:00:00Z")),
        ("scheduled_at", json!("2025-06-02T18:60:00Z")),
        ("scheduled_at", json!("2025-06-02T18:00:00+25:00")),
        ("scheduled_at", json!(" 2025-06-02T18:00:00Z")),
        ("scheduled_at", json!("2025-06-02T18:00:00Z\n")),
        ("scheduled_at", json!(1_748_887_200)),
        ("scheduled_at", json!(null)),
        ("metadata", json!(null)),
        ("metadata", json!("level")),
        ("metadata", json!(5)),
        ("metadata", json!(false)),
        ("metadata", json!([{"level": 1}])),
    ];
    let mock = live();
    let before = state(&mock, SCHEDULED);
    let wrong = wrong.map(|(name, value)| (json!({ name: value }), ""));
    assert_eq!(misjudged(&wrong, |body| update(&mock, body)), NONE);
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn all_violations_are_told_at_once() {
    let body = json!({
        "title": "",
        "scheduled_at": "soon",
        "max_participants": 0,
        "kind": "class",
        "metadata": []
    });
    let pointers = [
        "/kind",
        "/max_participants",
        "/metadata",
        "/scheduled_at",
        "/title",
    ];
    update(&live(), body).invalid_at(&pointers);
}

#[test]
fn one_wrong_value_keeps_the_right_ones_from_being_written() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    update(&mock, json!({"title": "Evening flow", "kind": "class"})).invalid_at(&["/kind"]);
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn a_body_that_is_no_object_is_422_at_the_root() {
    let mock = live();
    for body in [
        json!([]),
        json!("title"),
        json!(5),
        json!(true),
        json!(null),
    ] {
        let answer = update(&mock, body.clone());
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        answer.invalid_at(&[""]);
    }
}

#[test]
fn a_body_that_is_no_json_is_400() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    let broken: [&[u8]; 17] = [
        b"",
        b"   ",
        b"{",
        b"}",
        b"{\"title\":}",
        b"{\"title\":\"A\"",
        b"{\"title\":\"A\",}",
        b"{'title':'A'}",
        b"{title:\"A\"}",
        b"{\"title\":\"A\"} x",
        b"{\"title\":\"A\"}{}",
        b"{\"max_participants\":NaN}",
        b"{\"max_participants\":05}",
        b"{\"title\":\"\xff\xfe\"}",
        b"{\"title\":\"\\ud800\"}",
        b"{\"title\":\"a\nb\"}",
        b"title=A",
    ];
    for body in broken {
        let answer = mock.patch(SCHEDULED).body("application/json", body).send();
        let shown = String::from_utf8_lossy(body).into_owned();
        assert_eq!(answer.status, 400, "{shown}: {}", answer.text);
        answer.problem(400);
    }
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn an_update_without_a_body_is_400() {
    live().patch(SCHEDULED).send().problem(400);
}

#[test]
fn deep_json_is_refused_and_the_mock_answers_on() {
    let mock = live();
    let deep = format!(
        "{{\"metadata\":{}1{}}}",
        "{\"a\":".repeat(100_000),
        "}".repeat(100_000)
    );
    let answer = mock.patch(SCHEDULED).body("application/json", deep).send();
    assert_eq!(answer.status, 400, "{}", answer.text);
    mock.get(SCHEDULED).send().is(200).reads(&morning_flow());
}

#[test]
fn a_wrong_content_type_is_415_and_tells_what_is_taken() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    for media_type in [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "multipart/form-data; boundary=x",
        "json",
        "",
    ] {
        let answer = mock
            .patch(SCHEDULED)
            .body(media_type, r#"{"title":"A"}"#)
            .send();
        assert_eq!(answer.status, 415, "{media_type}: {}", answer.text);
        let answer = answer.problem(415);
        assert_eq!(answer.header("accept-patch"), "application/json");
    }
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn a_content_type_is_the_same_with_a_charset_and_in_capitals() {
    for media_type in [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
    ] {
        let mock = live();
        let answer = mock
            .patch(SCHEDULED)
            .body(media_type, r#"{"title":"A"}"#)
            .send();
        assert_eq!(answer.status, 200, "{media_type}: {}", answer.text);
    }
}

#[test]
fn no_token_is_needed_and_a_bearer_token_is_accepted() {
    let mock = live();
    mock.get(SCHEDULED).send().is(200);
    mock.get(SCHEDULED).bearer(&[]).send().is(200);
    mock.get(LIST).bearer(&["any"]).send().is(200);
    let body = json!({"title": "Evening flow"});
    mock.patch(SCHEDULED).json(body.clone()).send().is(200);
    mock.patch(SCHEDULED).bearer(&[]).json(body).send().is(200);
}

#[test]
fn an_opaque_access_token_is_accepted() {
    let answer = live()
        .patch(SCHEDULED)
        .header("authorization", "Bearer an-opaque-token")
        .json(json!({"title": "A"}))
        .send();
    answer.is(200);
}

#[test]
fn an_unknown_session_is_404_with_error_and_message_alone() {
    let mock = live();
    let unknown = [
        UNKNOWN,
        "/v1/sessions/1",
        "/v1/sessions/11111111-1111-4111-8111-11111111111",
        "/v1/sessions/%F0%9F%A7%98",
    ];
    for target in unknown {
        let read = mock.get(target).send().is(404);
        let write = mock
            .patch(target)
            .json(json!({"title": "A"}))
            .send()
            .is(404);
        is_error(&read);
        is_error(&write);
    }
}

/// The body that the page documents for 404 and 412.
#[track_caller]
fn is_error(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["error", "message"], "{body}");
    for name in names {
        assert!(!body[name].as_str().unwrap_or("").is_empty(), "{body}");
    }
}

#[test]
fn an_ended_or_cancelled_session_is_412_and_stays_as_it_is() {
    let mock = live();
    for target in [ENDED, CANCELLED] {
        let before = state(&mock, target);
        for body in [
            json!({"title": "A"}),
            json!({"status": "scheduled", "title": "A"}),
            json!({"metadata": {}}),
            json!({
                "title": "A", "scheduled_at": "2025-07-01T00:00:00Z", "max_participants": 1,
                "kind": "live", "metadata": {"a": 1}
            }),
        ] {
            let answer = mock.patch(target).json(body).send().is(412);
            is_error(&answer);
        }
        assert_eq!(state(&mock, target), before);
    }
}

#[test]
fn an_ended_session_is_412_even_when_the_if_match_holds() {
    let mock = live();
    let tag = mock.get(ENDED).send().is(200).header("etag").to_owned();
    for condition in [tag.as_str(), "*"] {
        let asking = mock.patch(ENDED).header("if-match", condition);
        let answer = asking.json(json!({"title": "A"})).send();
        is_error(&answer.is(412));
    }
}

#[test]
fn a_violation_is_told_before_the_item_is_looked_at() {
    let mock = live();
    for target in [UNKNOWN, ENDED, CANCELLED] {
        let answer = mock.patch(target).json(json!({"title": ""})).send();
        answer.invalid_at(&["/title"]);
    }
}

#[test]
fn an_unknown_session_is_404_before_any_condition() {
    let mock = live();
    for condition in ["*", "\"stale\""] {
        let asking = mock.patch(UNKNOWN).header("if-match", condition);
        asking.json(json!({"title": "A"})).send().is(404);
    }
}

#[test]
fn every_200_has_a_strong_etag() {
    let mock = live();
    let answers = [
        mock.get(SCHEDULED).send(),
        mock.get(LIST).send(),
        mock.get("/v1/sessions?status=live").send(),
        update(&mock, json!({"title": "A"})),
        mock.patch(LIVE).json(json!({"title": "A"})).send(),
    ];
    for answer in answers {
        let answer = answer.is(200);
        let tag = answer.header("etag");
        assert!(
            tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'),
            "{tag}"
        );
    }
}

#[test]
fn the_etag_of_an_update_is_the_one_that_is_read_next() {
    let mock = live();
    let updated = update(&mock, json!({"title": "A"})).is(200);
    let read = mock.get(SCHEDULED).send().is(200);
    assert_eq!(updated.header("etag"), read.header("etag"));
    assert_eq!(
        updated.header("last-modified"),
        read.header("last-modified")
    );
    assert_eq!(
        read.header("last-modified"),
        "Sun, 01 Jun 2025 12:00:00 GMT"
    );
}

#[test]
fn every_change_makes_a_new_etag_of_its_item_and_of_the_list_alone() {
    let mock = live();
    let other = mock.get(LIVE).send().header("etag").to_owned();
    let mut items = vec![mock.get(SCHEDULED).send().header("etag").to_owned()];
    let mut lists = vec![mock.get(LIST).send().header("etag").to_owned()];
    for title in ["A", "B", "A", "B"] {
        let tag = update(&mock, json!({"title": title})).is(200);
        let tag = tag.header("etag").to_owned();
        assert!(!items.contains(&tag), "{tag} again");
        items.push(tag);
        let tag = mock.get(LIST).send().header("etag").to_owned();
        assert!(!lists.contains(&tag), "{tag} again");
        lists.push(tag);
    }
    assert_eq!(mock.get(LIVE).send().header("etag"), other);
}

#[test]
fn the_current_if_match_is_200_with_a_new_etag() {
    let mock = live();
    let mut tag = mock.get(SCHEDULED).send().header("etag").to_owned();
    for title in ["A", "B", "C"] {
        let asking = mock.patch(SCHEDULED).header("if-match", &tag);
        let answer = asking.json(json!({"title": title})).send().is(200);
        assert_ne!(answer.header("etag"), tag);
        tag = answer.header("etag").to_owned();
    }
}

#[test]
fn a_stale_if_match_is_412_and_changes_nothing() {
    let mock = live();
    let stale = mock.get(SCHEDULED).send().header("etag").to_owned();
    update(&mock, json!({"title": "Evening flow"})).is(200);
    let before = state(&mock, SCHEDULED);
    let asking = mock.patch(SCHEDULED).header("if-match", &stale);
    is_error(&asking.json(json!({"title": "Lost"})).send().is(412));
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn a_stale_if_match_stays_stale_when_the_content_is_set_back() {
    let mock = live();
    let stale = mock.get(SCHEDULED).send().header("etag").to_owned();
    update(&mock, json!({"title": "Evening flow"})).is(200);
    update(&mock, json!({"title": "Morning flow"})).is(200);
    let asking = mock.patch(SCHEDULED).header("if-match", &stale);
    asking.json(json!({"title": "Lost"})).send().is(412);
}

#[test]
fn if_match_holds_as_rfc_9110_says() {
    let mock = live();
    let current = mock.get(SCHEDULED).send().header("etag").to_owned();
    let other = mock.get(LIVE).send().header("etag").to_owned();
    let bare = current.trim_matches('"').to_owned();
    let refused = [
        other.clone(),
        format!("W/{current}"),
        format!("w/{current}"),
        "\"stale\"".to_owned(),
        "\"\"".to_owned(),
        "\"*\"".to_owned(),
        format!("\"stale\", W/{current}"),
        format!("{other}, \"stale\""),
        current.to_uppercase() + "x",
        bare.clone(),
        format!("\"{bare}"),
        format!("'{bare}'"),
        "garbage".to_owned(),
        ",".to_owned(),
        String::new(),
    ];
    let before = state(&mock, SCHEDULED);
    for condition in refused {
        let asking = mock.patch(SCHEDULED).header("if-match", &condition);
        let answer = asking.json(json!({"title": "Lost"})).send();
        assert!(
            [400, 412].contains(&answer.status),
            "{condition}: {}",
            answer.status
        );
    }
    assert_eq!(state(&mock, SCHEDULED), before);
    for condition in [
        current.clone(),
        "*".to_owned(),
        format!("\"stale\", {current}"),
        format!("{current},\"stale\""),
        format!("W/\"stale\",{current} , {other}"),
        format!("\"with, comma\", {current}"),
        format!(" {current} "),
    ] {
        let mock = live();
        let current_here = mock.get(SCHEDULED).send().header("etag").to_owned();
        let condition = condition.replace(&current, &current_here);
        let asking = mock.patch(SCHEDULED).header("if-match", &condition);
        let answer = asking.json(json!({"title": "Kept"})).send();
        assert_eq!(answer.status, 200, "{condition}: {}", answer.text);
    }
}

#[test]
fn if_match_in_two_fields_is_one_list() {
    let mock = live();
    let tag = mock.get(SCHEDULED).send().header("etag").to_owned();
    let asking = mock.patch(SCHEDULED);
    let asking = asking
        .header("if-match", "\"stale\"")
        .header("if-match", &tag);
    asking.json(json!({"title": "A"})).send().is(200);
}

#[test]
fn if_none_match_on_a_read_is_304_without_a_body() {
    let mock = live();
    for target in [SCHEDULED, LIST] {
        let tag = mock.get(target).send().header("etag").to_owned();
        for condition in [
            tag.clone(),
            "*".to_owned(),
            format!("W/{tag}"),
            format!("\"stale\", {tag}"),
        ] {
            let answer = mock.get(target).header("if-none-match", &condition).send();
            let answer = answer.is(304);
            assert_eq!(answer.text, "");
            assert_eq!(answer.header("etag"), tag);
        }
        for condition in ["\"stale\"", "\"*\"", "garbage"] {
            mock.get(target)
                .header("if-none-match", condition)
                .send()
                .is(200);
        }
    }
}

#[test]
fn if_none_match_is_200_again_after_a_change() {
    let mock = live();
    for target in [SCHEDULED, LIST] {
        let tag = mock.get(target).send().header("etag").to_owned();
        update(&mock, json!({"title": target})).is(200);
        let answer = mock
            .get(target)
            .header("if-none-match", &tag)
            .send()
            .is(200);
        assert_ne!(answer.header("etag"), tag);
    }
}

#[test]
fn if_none_match_on_an_update_is_412_when_it_matches() {
    let mock = live();
    let tag = mock.get(SCHEDULED).send().header("etag").to_owned();
    for condition in [tag.as_str(), "*"] {
        let asking = mock.patch(SCHEDULED).header("if-none-match", condition);
        is_error(&asking.json(json!({"title": "Lost"})).send().is(412));
    }
    mock.get(SCHEDULED).send().is(200).reads(&morning_flow());
}

#[test]
fn if_unmodified_since_is_412_only_when_the_session_changed_later() {
    let mock = live();
    update(&mock, json!({"title": "A"})).is(200);
    let before = state(&mock, SCHEDULED);
    for date in [
        "Sun, 01 Jun 2025 11:59:59 GMT",
        "Sat, 01 Jan 2000 00:00:00 GMT",
        "Sunday, 01-Jun-25 11:59:59 GMT",
        "Sun Jun  1 11:59:59 2025",
    ] {
        let asking = mock.patch(SCHEDULED).header("if-unmodified-since", date);
        let answer = asking.json(json!({"title": "Lost"})).send();
        assert_eq!(answer.status, 412, "{date}: {}", answer.text);
        is_error(&answer);
    }
    assert_eq!(state(&mock, SCHEDULED), before);
    for date in [
        "Sun, 01 Jun 2025 12:00:00 GMT",
        "Mon, 02 Jun 2025 00:00:00 GMT",
        "not a date",
    ] {
        let asking = mock.patch(SCHEDULED).header("if-unmodified-since", date);
        let answer = asking.json(json!({"title": "Kept"})).send();
        assert_eq!(answer.status, 200, "{date}: {}", answer.text);
    }
}

#[test]
fn if_unmodified_since_has_no_effect_beside_if_match() {
    let mock = live();
    update(&mock, json!({"title": "A"})).is(200);
    let asking = mock
        .patch(SCHEDULED)
        .header("if-match", "*")
        .header("if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT");
    asking.json(json!({"title": "B"})).send().is(200);
}

/// So many updates at once with one `If-Match`.
fn one_of(count: usize) {
    let mock = live();
    let tag = mock.get(SCHEDULED).send().header("etag").to_owned();
    let answers = at_once(count, |number| {
        let asking = mock.patch(SCHEDULED).header("if-match", &tag);
        let title = format!("Writer {number}");
        let answer = asking.json(json!({ "title": title })).send();
        (title, answer.status, answer.header("etag").to_owned())
    });
    let won: Vec<_> = answers.iter().filter(|answer| answer.1 == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| [200, 412].contains(&answer.1)));
    let stored = mock.get(SCHEDULED).send().is(200);
    assert_eq!(stored.json()["title"], won[0].0);
    assert_eq!(stored.header("etag"), won[0].2);
}

#[test]
fn of_64_concurrent_updates_with_one_if_match_exactly_one_succeeds() {
    for _ in 0..5 {
        one_of(64);
    }
}

#[test]
fn of_1000_concurrent_updates_with_one_if_match_exactly_one_succeeds() {
    one_of(1000);
}

#[test]
fn concurrent_updates_of_different_properties_are_all_kept() {
    let mock = live();
    at_once(64, |number| {
        let body = match number % 3 {
            0 => json!({"title": "Together"}),
            1 => json!({"max_participants": 99}),
            _ => json!({"kind": "office_hours"}),
        };
        update(&mock, body).is(200);
    });
    let all = json!({"title": "Together", "max_participants": 99, "kind": "office_hours"});
    mock.get(SCHEDULED).send().is(200).reads(&changed(all));
}

#[test]
fn prefer_code_gives_each_documented_reply_and_changes_nothing() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    for code in [200, 400, 404, 412, 415, 422] {
        let asking = mock
            .patch(SCHEDULED)
            .header("prefer", &format!("code={code}"));
        let answer = asking.json(json!({"title": "A"})).send().is(code);
        assert_eq!(answer.header("preference-applied"), format!("code={code}"));
        match code {
            200 => assert_eq!(answer.json().as_object().map(|all| all.len()), Some(19)),
            404 | 412 => is_error(&answer),
            _ => drop(answer.problem(code)),
        }
    }
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn a_method_that_is_not_documented_is_405_and_allow_tells_which_are() {
    let mock = live();
    for (target, method, allowed, not) in [
        (SCHEDULED, Method::DELETE, ["GET", "PATCH"], "DELETE"),
        (SCHEDULED, Method::PUT, ["GET", "PATCH"], "PUT"),
        (LIST, Method::POST, ["GET", "GET"], "POST"),
    ] {
        let answer = mock.ask(method, target).json(json!({})).send().problem(405);
        let allow = answer.header("allow");
        assert!(allowed.iter().all(|name| allow.contains(name)), "{allow}");
        assert!(!allow.contains(not), "{allow}");
    }
}

#[test]
fn options_is_204_and_tells_what_is_allowed() {
    let answer = live().ask(Method::OPTIONS, SCHEDULED).send().is(204);
    assert!(answer.header("allow").contains("PATCH"));
    assert_eq!(answer.text, "");
}

#[test]
fn head_is_a_get_without_its_body() {
    let mock = live();
    let tag = mock.get(SCHEDULED).send().header("etag").to_owned();
    let answer = mock.ask(Method::HEAD, SCHEDULED).send().is(200);
    assert_eq!(answer.header("etag"), tag);
    mock.ask(Method::HEAD, UNKNOWN).send().is(404);
}

#[test]
fn an_unknown_path_is_404_and_names_the_nearest_documented_one() {
    let answer = live().get("/v1/session").send().problem(404);
    assert!(answer.text.contains("/v1/sessions"), "{}", answer.text);
}

#[test]
fn an_accept_that_json_cannot_meet_is_406() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    for accept in ["application/xml", "text/*", "application/json;q=0"] {
        let asking = mock.patch(SCHEDULED).header("accept", accept);
        asking.json(json!({"title": "A"})).send().is(406);
    }
    assert_eq!(state(&mock, SCHEDULED), before);
    for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
        mock.get(SCHEDULED).header("accept", accept).send().is(200);
    }
}

#[test]
fn the_four_are_served_side_by_side_each_under_its_name() {
    let mock = all_four();
    let mut names: Vec<_> = mock.host().apis().iter().map(|api| api.prefix()).collect();
    names.sort_unstable();
    assert_eq!(names, ["/appointments", "/bookings", "/live", "/workspace"]);
    let asking = mock.patch(&format!("/live{SCHEDULED}"));
    let answer = asking.json(json!({"title": "Evening flow"})).send();
    answer
        .is(200)
        .reads(&changed(json!({"title": "Evening flow"})));
    // The bookings have a path of the same template, of their own.
    let asking = mock.get(&format!("/bookings{SCHEDULED}")).bearer(&[]);
    asking.send().is(404);
    mock.get("/live/v1/workspace/x/sessions").send().is(404);
}

#[test]
fn a_contract_alone_is_served_at_the_root() {
    let mock = live();
    assert_eq!(mock.api().name(), "live");
    mock.get(SCHEDULED).send().is(200);
}

#[test]
fn no_value_of_any_property_makes_the_mock_fail() {
    let mock = live();
    let right = json!({
        "title": "A", "scheduled_at": "2025-06-02T18:00:00Z", "max_participants": 5,
        "kind": "live", "metadata": {"a": [1]}
    });
    assert_eq!(failures(&right, |body| update(&mock, body)), NONE);
}

#[test]
fn a_malformed_target_is_refused_and_the_mock_answers_on() {
    let mock = live();
    for (status, target) in [
        (400, "/v1/sessions/%"),
        (400, "/v1/sessions/%zz"),
        (400, "/v1/sessions/%ff%fe"),
        (404, "/v1/sessions/%00"),
        (404, "/v1/sessions/..%2f..%2fetc"),
        (404, "/v1/sessions/"),
        (404, "/v1//sessions"),
        (400, "/v1/sessions?status=%ff"),
        (400, "/v1/sessions?status=%zz"),
        (422, "/v1/sessions?status"),
        (422, "/v1/sessions?status=live&status=ended"),
    ] {
        let answer = mock.get(target).send();
        assert_eq!(answer.status, status, "{target}: {}", answer.text);
    }
    mock.get(SCHEDULED).send().is(200).reads(&morning_flow());
}

#[test]
fn a_preference_that_is_no_documented_status_is_no_server_error_and_changes_nothing() {
    let mock = live();
    let before = state(&mock, SCHEDULED);
    for preference in [
        "code=999",
        "code=abc",
        "code=",
        "code=-1",
        "example=none",
        "code=500",
    ] {
        let asking = mock.get(SCHEDULED).header("prefer", preference);
        let answer = asking.send();
        assert!(answer.status < 500, "{preference}: {}", answer.text);
    }
    assert_eq!(state(&mock, SCHEDULED), before);
}

#[test]
fn a_412_reads_as_its_reason() {
    let ended = live().patch(ENDED).json(json!({"title": "A"})).send();
    insta::assert_snapshot!(ended.is(412).text, @r#"{"error":"precondition_failed","message":"A session that has ended or was cancelled can't be updated."}"#);
}
