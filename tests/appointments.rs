//! The appointments API: `specs/appointments.yaml`, as its page says.

use crate::harness::{
    Answer, Asking, Counterpart, NONE, at_once, counterpart, failures, misjudged,
};
use serde_json::{Value, json};
use std::cell::RefCell;

const LIST: &str = "/api/v2/appointments";
const DEMO: &str = "/api/v2/appointments/1610c525-f19a-40d0-8cd1-03daba3d2d98";
const REVIEW: &str = "/api/v2/appointments/2710c525-f19a-40d0-8cd1-03daba3d2d98";
const PAST: &str = "/api/v2/appointments/3810c525-f19a-40d0-8cd1-03daba3d2d98";
const CREDENTIAL: &str = "ONLIVESITE Credential:ONLIVEAccessKeyId, Signature=CalculatedSignature";

fn appointments() -> Counterpart {
    counterpart("appointments")
}

trait Signed {
    /// With the credential as the page has it.
    fn signed(self) -> Self;
}

impl Signed for Asking<'_> {
    fn signed(self) -> Self {
        self.header("authorization", CREDENTIAL)
    }
}

fn put(mock: &Counterpart, target: &str, body: Value) -> Answer {
    mock.put(target).signed().json(body).send()
}

#[track_caller]
fn updated(mock: &Counterpart, target: &str, body: Value) -> Value {
    put(mock, target, body).is(200).json()
}

fn read(mock: &Counterpart, target: &str) -> Answer {
    mock.get(target).signed().send().is(200)
}

/// What an update must not touch when it's refused.
fn state(mock: &Counterpart) -> Vec<(String, String)> {
    let read = [DEMO, REVIEW, PAST, LIST].map(|target| read(mock, target));
    read.map(|answer| (answer.header("etag").to_owned(), answer.text))
        .to_vec()
}

fn times(start: &str, end: &str) -> Value {
    let at = |time: &str| format!("2025-03-10T{time}:00.000Z");
    json!({"startAt": at(start), "endAt": at(end)})
}

/// The same body with one property more.
fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn demo() -> Value {
    json!({
        "id": "1610c525-f19a-40d0-8cd1-03daba3d2d98",
        "createdAt": "2025-03-09T19:32:03.735Z",
        "updatedAt": "2025-03-09T19:32:03.735Z",
        "title": "Product Demo",
        "startAt": "2025-03-10T07:00:00.000Z",
        "endAt": "2025-03-10T07:30:00.000Z",
        "guests": [{"email": "guest@example.com"}],
        "event": {"room": "Demo Room 1"},
        "status": "confirmed"
    })
}

/// The demo after an update to these.
fn changed(changes: Value) -> Value {
    let mut appointment = demo();
    appointment["updatedAt"] = json!("2025-03-09T19:32:06.669Z");
    for (name, value) in changes.as_object().expect("an object") {
        appointment[name] = value.clone();
    }
    appointment
}

/// The page's comprehensive request.
fn comprehensive() -> Value {
    json!({
        "title": "Updated Product Demo Meeting",
        "description": "Updated demo session with new features",
        "startAt": "2025-03-10T08:00:00.000Z",
        "endAt": "2025-03-10T08:30:00.000Z",
        "guests": [{"email": "guest@example.com"}],
        "reminders": [{"time": 15, "unit": "m", "direction": "before"}],
        "extraFields": {"priority": "high", "location": "Virtual Meeting Room"},
        "event": {"iCallUrl": "https://meet.example.com/updated-room", "room": "Demo Room 2"}
    })
}

/// The page's response to it.
fn comprehensive_response() -> Value {
    json!({
        "id": "1610c525-f19a-40d0-8cd1-03daba3d2d98",
        "createdAt": "2025-03-09T19:32:03.735Z",
        "updatedAt": "2025-03-09T19:32:06.669Z",
        "title": "Updated Product Demo Meeting",
        "description": "Updated demo session with new features",
        "startAt": "2025-03-10T08:00:00.000Z",
        "endAt": "2025-03-10T08:30:00.000Z",
        "guests": [{"email": "guest@example.com"}],
        "reminders": [{"time": 15, "unit": "m", "direction": "before"}],
        "extraFields": {"priority": "high", "location": "Virtual Meeting Room"},
        "event": {"iCallUrl": "https://meet.example.com/updated-room", "room": "Demo Room 2"},
        "status": "confirmed"
    })
}

#[test]
fn the_pages_comprehensive_request_answers_with_the_pages_response() {
    let mock = appointments();
    let answer = put(&mock, DEMO, comprehensive()).is(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.reads(&comprehensive_response());
    read(&mock, DEMO).reads(&comprehensive_response());
}

#[test]
fn the_pages_basic_request_changes_the_times_alone() {
    let mock = appointments();
    let body = times("08:00", "08:30");
    put(&mock, DEMO, body.clone()).is(200).reads(&changed(body));
}

#[test]
fn the_pages_two_requests_can_be_sent_in_either_order() {
    for order in [[true, false], [false, true]] {
        let mock = appointments();
        for basic in order {
            let body = if basic {
                times("08:00", "08:30")
            } else {
                comprehensive()
            };
            updated(&mock, DEMO, body);
        }
        read(&mock, DEMO).reads(&comprehensive_response());
    }
}

#[test]
fn an_appointment_reads_as_the_fixtures_have_it_until_it_is_changed() {
    read(&appointments(), DEMO).reads(&demo());
}

#[test]
fn every_field_of_the_page_is_replaced_alone_and_read_back() {
    for (name, value) in [
        ("title", json!("Updated Product Demo")),
        ("title", json!("")),
        ("description", json!("Product walkthrough")),
        ("startAt", json!("2025-03-10T07:29:59.999Z")),
        ("startAt", json!("2025-03-10T08:00:00+02:00")),
        ("endAt", json!("2025-03-10T07:00:00.001Z")),
        ("endAt", json!("2025-03-11T08:30:00Z")),
        ("guests", json!([])),
        (
            "guests",
            json!([{"email": "a@example.com"}, {"email": "b@example.com"}]),
        ),
        (
            "reminders",
            json!([{"time": 0, "unit": "m", "direction": "after"}]),
        ),
        ("reminders", json!([])),
        (
            "extraFields",
            json!({"priority": "high", "n": 1, "deep": {"a": [null, {}]}}),
        ),
        ("lang", json!("en-US")),
        ("event", json!({"room": "Demo Room 9"})),
        ("status", json!("cancelled")),
        ("subStatus", json!("pending")),
        ("origin", json!("web")),
        ("originUrl", json!("https://example.com")),
        ("comment", json!("Follow-up needed")),
        ("interactionId", json!("123e4567-...")),
        ("externalId", json!("EXT-123")),
    ] {
        let mock = appointments();
        let answer = updated(&mock, DEMO, json!({ name: value }));
        let expected = changed(json!({ name: value }));
        assert_eq!(answer, expected, "{name}");
        assert_eq!(read(&mock, DEMO).json(), expected);
        let list = read(&mock, LIST).json();
        assert_eq!(list["appointments"][0], expected);
        assert_eq!(list["total"], 3);
    }
}

#[test]
fn arrays_are_replaced_whole() {
    let mock = appointments();
    let guest = |name: &str| json!({"email": format!("{name}@example.com")});
    for guests in [
        json!([guest("a"), guest("b"), guest("c")]),
        json!([guest("d")]),
        json!([guest("b"), guest("a")]),
        json!([]),
    ] {
        let reminders =
            json!([{"time": guests.as_array().map(Vec::len), "unit": "h", "direction": "before"}]);
        let answer = updated(
            &mock,
            DEMO,
            json!({"guests": guests, "reminders": reminders}),
        );
        assert_eq!(answer["guests"], guests);
        assert_eq!(answer["reminders"], reminders);
    }
}

#[test]
fn null_clears_a_field_and_the_rest_stays() {
    let all = json!({
        "title": "A", "description": "B", "guests": [{"email": "a@example.com"}],
        "reminders": [{"time": 1, "unit": "m", "direction": "before"}],
        "extraFields": {"a": 1}, "lang": "en", "event": {"room": "Demo Room 9"},
        "subStatus": "pending", "origin": "web", "originUrl": "https://example.com",
        "comment": "C", "interactionId": "I", "externalId": "E", "status": "confirmed"
    });
    let mock = appointments();
    let full = updated(&mock, DEMO, all.clone());
    for name in all.as_object().expect("an object").keys() {
        let mock = appointments();
        updated(&mock, DEMO, all.clone());
        let answer = updated(&mock, DEMO, json!({ name: null }));
        let mut expected = full.clone();
        expected.as_object_mut().expect("an object").remove(name);
        assert_eq!(answer, expected, "{name}");
        assert_eq!(read(&mock, DEMO).json(), expected, "{name}");
        // Cleared again, it stays cleared; given again, it's there again.
        assert_eq!(updated(&mock, DEMO, json!({ name: null })), expected);
        let again = updated(&mock, DEMO, json!({ name: all[name] }));
        assert_eq!(again, full, "{name}");
    }
}

#[test]
fn an_object_given_takes_the_place_of_the_one_there_was() {
    let mock = appointments();
    updated(&mock, DEMO, json!({"extraFields": {"a": 1, "b": {"c": 2}}}));
    let answer = updated(&mock, DEMO, json!({"extraFields": {"b": {"d": null}}}));
    assert_eq!(answer["extraFields"], json!({"b": {"d": null}}));
}

#[test]
fn an_appointment_without_a_status_holds_no_room() {
    let mock = appointments();
    updated(&mock, REVIEW, json!({"status": null}));
    let taken = json!({
        "event": {"room": "Demo Room 2"},
        "startAt": "2025-03-10T10:00:00Z", "endAt": "2025-03-10T11:00:00Z"
    });
    put(&mock, DEMO, taken).is(200);
}

#[test]
fn all_fields_can_be_cleared_at_once() {
    let body = json!({
        "title": null, "description": null, "guests": null, "reminders": null,
        "extraFields": null, "lang": null, "event": null, "subStatus": null, "origin": null,
        "originUrl": null, "comment": null, "interactionId": null, "externalId": null
    });
    put(&appointments(), DEMO, body).is(200).reads(&json!({
        "id": "1610c525-f19a-40d0-8cd1-03daba3d2d98",
        "createdAt": "2025-03-09T19:32:03.735Z",
        "updatedAt": "2025-03-09T19:32:06.669Z",
        "startAt": "2025-03-10T07:00:00.000Z",
        "endAt": "2025-03-10T07:30:00.000Z",
        "status": "confirmed"
    }));
}

#[test]
fn properties_that_the_request_does_not_declare_have_no_effect() {
    let mock = appointments();
    let body = json!({
        "id": "2710c525-f19a-40d0-8cd1-03daba3d2d98", "createdAt": "2000-01-01T00:00:00.000Z",
        "updatedAt": 5, "surprise": [], "title": "A"
    });
    put(&mock, DEMO, body)
        .is(200)
        .reads(&changed(json!({"title": "A"})));
    assert_eq!(read(&mock, REVIEW).json()["title"], "Design Review");
}

#[test]
fn the_list_narrows_by_status() {
    let mock = appointments();
    let total = |query: &str| read(&mock, &format!("{LIST}{query}")).json()["total"].clone();
    assert_eq!(total("?status=confirmed"), 3);
    updated(&mock, DEMO, json!({"status": "cancelled"}));
    assert_eq!(total("?status=confirmed"), 2);
    assert_eq!(total("?status=cancelled"), 1);
    assert_eq!(total("?status=none"), 0);
}

#[test]
fn a_missing_credential_or_one_of_another_form_is_401_with_a_challenge() {
    let mock = appointments();
    let before = state(&mock);
    let mut answers = vec![
        mock.put(DEMO).json(comprehensive()).send(),
        mock.get(DEMO).send(),
        mock.get(LIST).send(),
    ];
    for credential in [
        "",
        "ONLIVESITE",
        "ONLIVESITE ",
        "ONLIVESITE key",
        "ONLIVESITE Credential:key",
        "ONLIVESITE Signature=signature",
        "ONLIVESITE Credential=key, Signature=signature",
        "ONLIVESITE Credential:key, Signature:signature",
        "ONLIVESITE Credential:key Signature=signature",
        "ONLIVESITE Signature=signature, Credential:key",
        "ONLIVESITE Credential:, Signature=signature",
        "ONLIVESITE Credential:key, Signature=",
        "ONLIVESITE Credential:key, Signature=signature, More=1",
        "ONLIVESITE Credential:key, Signature=signature tail",
        "ONLIVESITECredential:key, Signature=signature",
        "ONLIVE Credential:key, Signature=signature",
        "XONLIVESITE Credential:key, Signature=signature",
        "Credential:key, Signature=signature",
        "Bearer e30.e30.c2ln",
        "Basic dXNlcjpwYXNz",
    ] {
        let asking = mock.put(DEMO).header("authorization", credential);
        answers.push(asking.json(comprehensive()).send());
    }
    for answer in answers {
        let sent = answer
            .exchange
            .request
            .headers
            .get("authorization")
            .cloned();
        assert_eq!(answer.status, 401, "{sent:?}: {}", answer.text);
        let answer = answer.problem(401);
        assert!(answer.header("www-authenticate").starts_with("ONLIVESITE"));
        assert!(answer.exchange.announcements.is_empty());
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn any_key_and_signature_of_the_form_are_accepted() {
    for credential in [
        CREDENTIAL,
        "ONLIVESITE Credential:k, Signature=s",
        "ONLIVESITE Credential:AKIA-1_2.3, Signature=q83vEjRWeJ+/12==",
        "ONLIVESITE Credential:key:with:colons, Signature=0a1b2c3d",
    ] {
        let mock = appointments();
        let asking = mock.put(DEMO).header("authorization", credential);
        let answer = asking.json(json!({"title": "A"})).send();
        assert_eq!(answer.status, 200, "{credential}: {}", answer.text);
    }
}

#[test]
fn every_value_that_breaks_the_page_is_422_at_its_place() {
    let mut wrong = vec![
        (json!({"startAt": null}), "/startAt"),
        (json!({"endAt": null}), "/endAt"),
        (json!({"guests": "guest@example.com"}), "/guests"),
        (json!({"guests": {"email": "guest@example.com"}}), "/guests"),
        (json!({"guests": ["guest@example.com"]}), "/guests/0"),
        (json!({"guests": [null]}), "/guests/0"),
        (json!({"guests": [{"email": 5}]}), "/guests/0/email"),
        (json!({"guests": [{"email": null}]}), "/guests/0/email"),
        (json!({"reminders": "15m"}), "/reminders"),
        (json!({"reminders": {}}), "/reminders"),
        (json!({"reminders": [15]}), "/reminders/0"),
        (
            json!({"reminders": [{"time": "15", "unit": "m", "direction": "before"}]}),
            "/reminders/0/time",
        ),
        (
            json!({"reminders": [{"time": 15, "unit": 5, "direction": "before"}]}),
            "/reminders/0/unit",
        ),
        (
            json!({"reminders": [
                {"time": 15, "unit": "m", "direction": "before"},
                {"time": 15, "unit": "m", "direction": true}
            ]}),
            "/reminders/1/direction",
        ),
        (json!({"event": {"room": 5}}), "/event/room"),
        (
            json!({"event": {"iCallUrl": "not a uri"}}),
            "/event/iCallUrl",
        ),
        (json!({"event": {"iCallUrl": 5}}), "/event/iCallUrl"),
    ];
    for time in [
        json!(""),
        json!("tomorrow"),
        json!("10/03/2025"),
        json!("2025-03-10"),
        json!("08:00"),
        json!("2025-02-30T08:00:00Z"),
        json!("2025-13-10T08:00:00Z"),
        json!("2025-03-10T25:00:00Z"),
        json!("2025-03-10T08:61:00Z"),
        json!("Mon, 10 Mar 2025 08:00:00 GMT"),
        json!(1_741_593_600),
        json!(true),
        json!([]),
        json!({}),
    ] {
        wrong.push((json!({"startAt": time}), "/startAt"));
        wrong.push((json!({"endAt": time}), "/endAt"));
    }
    for lang in [
        "",
        " ",
        "e",
        "en_US",
        "english_language",
        "en--US",
        "-en",
        "en-",
        "en US",
        "123",
        "en-US-",
        "toolonglanguage",
        "en-toolongsubtag",
        "é",
        "*",
    ] {
        wrong.push((json!({"lang": lang}), "/lang"));
    }
    for uri in [
        "",
        "not a uri",
        "example.com",
        "/path",
        "//example.com",
        "?q",
        "http://exa mple.com",
        "https://example.com/<>",
        "http://[::1",
        "://example.com",
        "https://example.com/%zz",
    ] {
        wrong.push((json!({"originUrl": uri}), "/originUrl"));
    }
    for name in [
        "title",
        "description",
        "lang",
        "status",
        "subStatus",
        "origin",
        "originUrl",
        "comment",
        "interactionId",
        "externalId",
    ] {
        for value in [json!(5), json!(true), json!([]), json!({}), json!(1.5)] {
            wrong.push((json!({ name: value }), ""));
        }
    }
    for name in ["extraFields", "event"] {
        for value in [json!(5), json!(true), json!([]), json!("text")] {
            wrong.push((json!({ name: value }), ""));
        }
    }
    let mock = appointments();
    let before = state(&mock);
    let send = |body| {
        let answer = put(&mock, DEMO, body);
        assert!(answer.status == 200 || answer.exchange.announcements.is_empty());
        answer
    };
    assert_eq!(misjudged(&wrong, send), NONE);
    assert_eq!(state(&mock), before);
}

#[test]
fn an_address_that_is_no_email_is_422_at_its_place() {
    let mut wrong = Vec::new();
    for email in [
        "",
        "guest",
        "guest@",
        "@example.com",
        "guest@@example.com",
        "guest@example.com ",
        "gu est@example.com",
        "guest@exam ple.com",
        "guest@example..com",
        "guest@-example.com",
        "guest@example.com, other@example.com",
        "mailto:guest@example.com",
    ] {
        wrong.push((
            json!({"guests": [{"email": "a@example.com"}, {"email": email}]}),
            "/guests/1/email",
        ));
    }
    let mock = appointments();
    assert_eq!(misjudged(&wrong, |body| put(&mock, DEMO, body)), NONE);
    read(&mock, DEMO).reads(&demo());
}

#[test]
fn a_mailbox_with_a_name_is_no_email_address() {
    for email in [
        "Guest <guest@example.com>",
        "<guest@example.com>",
        "\"A B\" <a@example.com>",
    ] {
        let answer = put(&appointments(), DEMO, json!({"guests": [{"email": email}]}));
        answer.invalid_at(&["/guests/0/email"]);
    }
}

#[test]
fn a_guest_is_not_there_twice_under_another_name() {
    let guests = json!([{"email": "a@example.com"}, {"email": "Ann <a@example.com>"}]);
    let answer = put(&appointments(), DEMO, json!({ "guests": guests }));
    answer.invalid_at(&["/guests/1/email"]);
}

#[test]
fn a_guest_without_an_address_is_422() {
    for guest in [json!({}), json!({"name": "Ada"})] {
        let answer = put(&appointments(), DEMO, json!({"guests": [guest]}));
        let places = answer.problem(422).places();
        assert_eq!(places.len(), 1);
        assert!(places[0].starts_with("/guests/0"), "{places:?}");
    }
}

#[test]
fn language_tags_of_bcp_47_are_accepted() {
    for lang in [
        "en",
        "en-US",
        "de-CH-1996",
        "zh-Hant-TW",
        "es-419",
        "sl-rozaj-biske",
        "x-private",
        "en-US-u-ca-gregory",
        "EN-us",
        "ar",
    ] {
        let answer = put(&appointments(), DEMO, json!({"lang": lang}));
        assert_eq!(answer.status, 200, "{lang}: {}", answer.text);
        assert_eq!(answer.json()["lang"], lang);
    }
}

#[test]
fn uris_and_addresses_of_every_kind_are_accepted() {
    for uri in [
        "https://example.com",
        "http://localhost:8080/a?b=c#d",
        "mailto:a@example.com",
        "urn:isbn:0451450523",
        "app://open/%20",
    ] {
        let answer = put(&appointments(), DEMO, json!({"originUrl": uri}));
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text);
    }
    for email in [
        "a@b.co",
        "first.last+tag@sub.example.co.uk",
        "o'neil@example.com",
        "1@example.com",
    ] {
        let answer = put(&appointments(), DEMO, json!({"guests": [{"email": email}]}));
        assert_eq!(answer.status, 200, "{email}: {}", answer.text);
    }
}

#[test]
fn the_end_must_be_after_the_start_also_against_the_stored_other() {
    let mock = appointments();
    let before = state(&mock);
    for body in [
        times("08:00", "08:00"),
        times("08:30", "08:00"),
        json!({"startAt": "2025-03-10T07:30:00.000Z"}),
        json!({"startAt": "2025-03-10T07:30:00.001Z"}),
        json!({"startAt": "2025-03-11T00:00:00Z"}),
        json!({"endAt": "2025-03-10T07:00:00.000Z"}),
        json!({"endAt": "2025-03-10T06:59:59.999Z"}),
        json!({"endAt": "2025-03-10T09:00:00+02:00"}),
        json!({"startAt": "2025-03-10T06:00:00-02:00"}),
        json!({"startAt": "2025-03-10T09:00:00+01:00", "endAt": "2025-03-10T08:00:00Z"}),
    ] {
        let answer = put(&mock, DEMO, body.clone());
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        let answer = answer.problem(422);
        assert_eq!(answer.pointers().len(), 1, "{}", answer.text);
        assert!(["/endAt", "/startAt"].contains(&answer.pointers()[0].as_str()));
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn offsets_count_when_the_end_is_compared_with_the_start() {
    for body in [
        json!({"startAt": "2025-03-10T10:00:00+02:00", "endAt": "2025-03-10T08:30:00Z"}),
        json!({"startAt": "2025-03-10T09:15:00+02:00"}),
        json!({"endAt": "2025-03-10T04:00:00-05:00"}),
    ] {
        let answer = put(&appointments(), DEMO, body.clone());
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
    }
}

#[test]
fn a_guest_who_is_there_twice_is_422_at_each_repetition() {
    let mock = appointments();
    let before = state(&mock);
    for (emails, places) in [
        (vec!["a@example.com", "a@example.com"], vec![1]),
        (vec!["a@example.com", "A@Example.COM"], vec![1]),
        (
            vec!["a@example.com", "b@example.com", "a@example.com"],
            vec![2],
        ),
        (
            vec![
                "A@example.com",
                "b@example.com",
                "B@example.com",
                "a@EXAMPLE.com",
            ],
            vec![2, 3],
        ),
        (
            vec!["a@example.com", "a@example.com", "a@example.com"],
            vec![1, 2],
        ),
    ] {
        let guests: Vec<Value> = emails
            .iter()
            .map(|email| json!({ "email": email }))
            .collect();
        let answer = put(&mock, DEMO, json!({ "guests": guests }));
        let expected: Vec<String> = places
            .iter()
            .map(|at| format!("/guests/{at}/email"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        answer.invalid_at(&expected);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_guest_who_is_stored_already_may_be_given_again() {
    let mock = appointments();
    let body = json!({"guests": [{"email": "guest@example.com"}, {"email": "b@example.com"}]});
    for _ in 0..2 {
        updated(&mock, DEMO, body.clone());
    }
    let mut named = body;
    named["guests"][1]["name"] = json!("guest@example.com");
    updated(&mock, DEMO, named);
}

#[test]
fn all_violations_are_told_at_once() {
    let body = json!({
        "title": 5, "description": false, "startAt": "x", "endAt": null,
        "guests": [{"email": "x"}, {"email": "y@example.com"}, {"email": "z"}],
        "reminders": [{"time": "15", "unit": "m", "direction": "before"}],
        "extraFields": [], "lang": 5, "event": {"iCallUrl": "x y", "room": []}, "status": 1,
        "subStatus": 1, "origin": 1, "originUrl": "x y", "comment": 1, "interactionId": 1,
        "externalId": 1
    });
    put(&appointments(), DEMO, body).invalid_at(&[
        "/title",
        "/description",
        "/startAt",
        "/endAt",
        "/guests/0/email",
        "/guests/2/email",
        "/reminders/0/time",
        "/extraFields",
        "/lang",
        "/event/iCallUrl",
        "/event/room",
        "/status",
        "/subStatus",
        "/origin",
        "/originUrl",
        "/comment",
        "/interactionId",
        "/externalId",
    ]);
}

#[test]
fn all_violations_of_the_rules_are_told_at_once() {
    let body = with(times("09:00", "08:00"), "lang", json!("en_US"));
    let guests = json!([{"email": "a@example.com"}, {"email": "A@example.com"}]);
    let answer = put(&appointments(), DEMO, with(body, "guests", guests));
    answer.invalid_at(&["/endAt", "/guests/1/email", "/lang"]);
}

#[test]
fn violations_of_the_schema_and_of_the_rules_are_told_together() {
    let guests = json!([{"email": "a@example.com"}, {"email": "a@example.com"}]);
    let body = json!({"originUrl": "not a uri", "lang": "en_US", "guests": guests});
    let answer = put(&appointments(), DEMO, body);
    answer.invalid_at(&["/originUrl", "/lang", "/guests/1/email"]);
}

#[test]
fn a_past_appointment_is_412_and_stays_as_it_is() {
    let mock = appointments();
    let before = state(&mock);
    for body in [
        json!({"title": "A"}),
        json!({"comment": null}),
        times("08:00", "08:30"),
        json!({"status": "cancelled"}),
        comprehensive(),
    ] {
        let answer = put(&mock, PAST, body).problem(412);
        assert!(answer.exchange.announcements.is_empty());
    }
    let tag = before[2].0.as_str();
    for condition in [tag, "*"] {
        let asking = mock.put(PAST).signed().header("if-match", condition);
        asking.json(json!({"title": "A"})).send().problem(412);
    }
    put(&mock, PAST, json!({"title": 5})).invalid_at(&["/title"]);
    assert_eq!(state(&mock), before);
}

#[test]
fn an_appointment_that_was_moved_into_the_past_is_412_from_then_on() {
    for (start, end, status) in [
        ("2025-03-01T10:00:00Z", "2025-03-01T11:00:00Z", 412),
        ("2025-03-09T19:00:00Z", "2025-03-09T19:32:06.668Z", 412),
        ("2025-03-09T19:40:00Z", "2025-03-09T20:00:00Z", 200),
    ] {
        let mock = appointments();
        updated(&mock, DEMO, json!({"startAt": start, "endAt": end}));
        put(&mock, DEMO, json!({"title": "Again"})).is(status);
    }
}

#[test]
fn a_room_that_another_confirmed_appointment_has_at_that_time_is_409() {
    let mock = appointments();
    let before = state(&mock);
    for (start, end) in [
        ("10:00", "11:00"),
        ("09:30", "10:01"),
        ("10:59", "12:00"),
        ("10:15", "10:45"),
        ("09:00", "12:00"),
        ("10:00", "10:01"),
        ("09:00", "11:00"),
    ] {
        let body = with(times(start, end), "event", json!({"room": "Demo Room 2"}));
        let answer = put(&mock, DEMO, body);
        assert_eq!(answer.status, 409, "{start} {end}: {}", answer.text);
        let answer = answer.problem(409);
        assert_eq!(answer.pointers(), ["/event/room"]);
        assert!(answer.exchange.announcements.is_empty());
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_room_may_be_taken_when_the_times_only_touch_or_do_not_meet() {
    for (start, end) in [
        ("09:00", "10:00"),
        ("11:00", "12:00"),
        ("07:00", "07:30"),
        ("20:00", "21:00"),
    ] {
        let body = with(times(start, end), "event", json!({"room": "Demo Room 2"}));
        let answer = put(&appointments(), DEMO, body);
        assert_eq!(answer.status, 200, "{start} {end}: {}", answer.text);
    }
    let at = |start: &str, end: &str| json!({"startAt": start, "endAt": end, "event": {"room": "Demo Room 2"}});
    let touching = at("2025-03-10T12:00:00+02:00", "2025-03-10T13:00:00+02:00");
    put(&appointments(), DEMO, touching).is(409);
    let touching = at("2025-03-10T13:00:00+02:00", "2025-03-10T14:00:00+02:00");
    put(&appointments(), DEMO, touching).is(200);
    let other_day = at("2025-03-11T10:00:00Z", "2025-03-11T11:00:00Z");
    put(&appointments(), DEMO, other_day).is(200);
}

#[test]
fn another_room_or_no_room_meets_nobody() {
    for event in [
        json!({"room": "Demo Room 1"}),
        json!({"room": "Demo Room 3"}),
        json!({"room": null}),
        json!(null),
    ] {
        let body = with(times("10:00", "11:00"), "event", event.clone());
        let answer = put(&appointments(), DEMO, body);
        assert_eq!(answer.status, 200, "{event}: {}", answer.text);
    }
}

#[test]
fn a_new_time_alone_or_a_new_room_alone_can_meet_another_appointment() {
    let mock = appointments();
    updated(&mock, DEMO, json!({"event": {"room": "Demo Room 2"}}));
    put(&mock, DEMO, times("10:30", "11:30")).problem(409);
    put(&mock, DEMO, json!({"endAt": "2025-03-10T10:30:00Z"})).problem(409);
    let mock = appointments();
    updated(&mock, DEMO, times("10:30", "11:30"));
    put(&mock, DEMO, json!({"event": {"room": "Demo Room 2"}})).problem(409);
    put(&mock, REVIEW, json!({"event": {"room": "Demo Room 1"}})).problem(409);
}

#[test]
fn an_appointment_is_in_nobodys_way_but_others() {
    let mock = appointments();
    updated(&mock, REVIEW, times("10:30", "11:30"));
    updated(&mock, REVIEW, json!({"event": {"room": "Demo Room 2"}}));
    updated(&mock, REVIEW, json!({"title": "A"}));
}

#[test]
fn an_appointment_that_is_not_confirmed_holds_no_room() {
    for status in ["cancelled", "pending", "declined", "Confirmed?"] {
        let mock = appointments();
        updated(&mock, REVIEW, json!({"status": status}));
        let body = with(
            times("10:00", "11:00"),
            "event",
            json!({"room": "Demo Room 2"}),
        );
        updated(&mock, DEMO, body);
        let answer = put(&mock, REVIEW, json!({"status": "confirmed"}));
        assert_eq!(answer.status, 409, "{status}: {}", answer.text);
    }
}

#[test]
fn a_room_that_was_left_is_free_again() {
    let taking = || {
        with(
            times("10:00", "11:00"),
            "event",
            json!({"room": "Demo Room 2"}),
        )
    };
    for leaving in [
        json!({"event": {"room": "Demo Room 3"}}),
        json!({"event": null}),
        json!({"event": {"room": null}}),
        times("12:00", "13:00"),
    ] {
        let mock = appointments();
        put(&mock, DEMO, taking()).problem(409);
        updated(&mock, REVIEW, leaving);
        updated(&mock, DEMO, taking());
    }
}

#[test]
fn an_invalid_update_is_422_also_where_the_room_is_taken() {
    let body = with(
        times("11:00", "10:00"),
        "event",
        json!({"room": "Demo Room 2"}),
    );
    put(&appointments(), DEMO, body).problem(422);
}

#[test]
fn of_concurrent_bookings_of_one_room_exactly_one_appointment_gets_it() {
    let mock = appointments();
    let body = with(times("12:00", "13:00"), "event", json!({"room": "Room X"}));
    let answers = at_once(64, |number| {
        let target = if number % 2 == 0 { DEMO } else { REVIEW };
        (target, put(&mock, target, body.clone()).status)
    });
    let winners = |target: &str| answers.iter().filter(|one| **one == (target, 200)).count();
    let losers = |target: &str| answers.iter().filter(|one| **one == (target, 409)).count();
    let (demo, review) = (winners(DEMO), winners(REVIEW));
    assert!(
        (demo, review) == (32, 0) || (demo, review) == (0, 32),
        "{demo} {review}"
    );
    assert_eq!(losers(DEMO) + losers(REVIEW), 32);
}

#[test]
fn a_change_is_announced_to_the_registered_address() {
    let answer = put(&appointments(), DEMO, comprehensive()).is(200);
    let announcements = &answer.exchange.announcements;
    assert_eq!(announcements.len(), 1);
    let announcement = &announcements[0];
    assert_eq!(announcement.callback, "appointmentUpdated");
    assert_eq!(announcement.method.as_str(), "POST");
    assert_eq!(
        announcement.url,
        "http://127.0.0.1:4011/appointment-updated"
    );
    assert_eq!(
        announcement.body_json().expect("JSON"),
        json!({
            "event": "appointment.updated",
            "occurredAt": "2025-03-09T19:32:06.669Z",
            "appointment": comprehensive_response()
        })
    );
}

#[test]
fn each_change_is_announced_as_it_has_become() {
    let mock = appointments();
    for (target, body) in [
        (DEMO, json!({"title": "A"})),
        (DEMO, json!({"title": null})),
        (REVIEW, times("12:00", "13:00")),
        (DEMO, json!({"status": "cancelled"})),
    ] {
        let answer = put(&mock, target, body).is(200);
        let announcements = &answer.exchange.announcements;
        assert_eq!(announcements.len(), 1);
        let body = announcements[0].body_json().expect("JSON");
        assert_eq!(body["appointment"], answer.json());
    }
}

#[test]
fn what_changes_nothing_is_not_announced() {
    let mock = appointments();
    let stale = mock.put(DEMO).signed().header("if-match", "\"stale\"");
    let asked = mock.put(DEMO).signed().header("prefer", "code=200");
    for answer in [
        mock.get(DEMO).signed().send().is(200),
        mock.get(LIST).signed().send().is(200),
        mock.put(DEMO).signed().send().is(400),
        mock.put(DEMO)
            .signed()
            .body("text/plain", "{}")
            .send()
            .is(415),
        put(&mock, DEMO, json!({"lang": "en_US"})).is(422),
        put(&mock, PAST, json!({"title": "A"})).is(412),
        put(&mock, "/api/v2/appointments/none", json!({"title": "A"})).is(404),
        stale.json(json!({"title": "A"})).send().is(412),
        asked.json(json!({"title": "A"})).send().is(200),
    ] {
        assert!(answer.exchange.announcements.is_empty(), "{}", answer.text);
    }
}

#[test]
fn an_unknown_appointment_is_404() {
    let mock = appointments();
    for id in [
        "9910c525-f19a-40d0-8cd1-03daba3d2d98",
        "1610C525-F19A-40D0-8CD1-03DABA3D2D98",
        "none",
        "%2e%2e",
    ] {
        let target = format!("{LIST}/{id}");
        mock.get(&target).signed().send().problem(404);
        put(&mock, &target, json!({"title": "A"})).problem(404);
    }
    assert_eq!(read(&mock, LIST).json()["total"], 3);
}

#[test]
fn a_body_that_is_missing_or_no_json_is_400_and_no_object_is_422() {
    let mock = appointments();
    let before = state(&mock);
    mock.put(DEMO).signed().send().problem(400);
    for body in ["", " ", "{", "{\"title\":}", "title", "{\"title\":\"A\"}}"] {
        let asking = mock.put(DEMO).signed();
        asking.body("application/json", body).send().problem(400);
    }
    for body in [json!([]), json!("A"), json!(5), json!(true), json!(null)] {
        put(&mock, DEMO, body).invalid_at(&[""]);
    }
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
    ] {
        let asking = mock.put(DEMO).signed();
        asking
            .body(media_type, "{\"title\":\"A\"}")
            .send()
            .problem(415);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_stale_if_match_is_412_and_changes_nothing() {
    let mock = appointments();
    let stale = read(&mock, DEMO).header("etag").to_owned();
    updated(&mock, DEMO, json!({"title": "First"}));
    let before = state(&mock);
    let asking = |condition: &str| {
        let asking = mock.put(DEMO).signed().header("if-match", condition);
        asking.json(json!({"title": "Second"})).send()
    };
    let current = before[0].0.clone();
    for condition in [
        stale.clone(),
        format!("W/{current}"),
        format!("\"x\", {stale}"),
    ] {
        asking(&condition).problem(412);
    }
    assert_eq!(state(&mock), before);
    asking("*").is(200);
    asking(&current).problem(412);
    let current = read(&mock, DEMO).header("etag").to_owned();
    asking(&format!("{stale}, {current}")).is(200);
}

#[test]
fn a_read_with_the_current_etag_is_304() {
    let mock = appointments();
    for target in [DEMO, LIST] {
        let asking = || mock.get(target).signed();
        let tag = asking().send().is(200).header("etag").to_owned();
        let answer = asking().header("if-none-match", &tag).send().is(304);
        assert_eq!(
            (answer.text.as_str(), answer.header("etag")),
            ("", tag.as_str())
        );
        updated(&mock, DEMO, json!({"title": target}));
        asking().header("if-none-match", &tag).send().is(200);
    }
}

#[test]
fn of_64_concurrent_updates_with_one_if_match_exactly_one_succeeds() {
    let mock = appointments();
    let tag = read(&mock, DEMO).header("etag").to_owned();
    let answers = at_once(64, |number| {
        let asking = mock.put(DEMO).signed().header("if-match", &tag);
        let title = format!("Writer {number}");
        let answer = asking.json(json!({ "title": title })).send();
        (title, answer.status, answer.exchange.announcements.len())
    });
    let won: Vec<_> = answers.iter().filter(|answer| answer.1 == 200).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(answers.iter().map(|answer| answer.2).sum::<usize>(), 1);
    assert_eq!(read(&mock, DEMO).json()["title"], won[0].0);
}

#[test]
fn prefer_code_gives_each_documented_reply_and_changes_nothing() {
    let mock = appointments();
    let before = state(&mock);
    for code in [200, 400, 401, 404, 409, 412, 415, 422] {
        let asking = mock
            .put(DEMO)
            .signed()
            .header("prefer", &format!("code={code}"));
        asking.json(json!({"title": "Never"})).send().is(code);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn no_value_of_any_property_makes_the_mock_fail() {
    let mock = RefCell::new(appointments());
    let right = with(comprehensive(), "lang", json!("en"));
    let right = with(right, "originUrl", json!("https://example.com"));
    let send = |body| {
        let answer = put(&mock.borrow(), DEMO, body);
        let stored = read(&mock.borrow(), DEMO).json();
        // An appointment that was moved into the past, or to another status, says little more.
        if stored["status"] != "confirmed" || stored["endAt"].as_str() < Some("2025-03-10") {
            mock.replace(appointments());
        }
        answer
    };
    assert_eq!(failures(&right, send), NONE);
}
