//! The workspace API: `specs/workspace.yaml`, as its page says.

use crate::harness::{
    Answer, Asking, Counterpart, NONE, at_once, counterpart, failures, misjudged,
};
use serde_json::{Value, json};

const LIST: &str = "/v1/workspace/507f191e810c19729de860ea/sessions";
const SESSION: &str = "/v1/workspace/507f191e810c19729de860ea/sessions/507f1f77bcf86cd799439011";
const ELSEWHERE: &str = "/v1/workspace/507f191e810c19729de860eb/sessions/507f1f77bcf86cd799439011";
const JOHN: &str = "507f1f77bcf86cd799439012";
const LAYLA: &str = "507f1f77bcf86cd799439112";
const CONSULTATION: &str = "507f1f77bcf86cd799439013";
const FOLLOW_UP: &str = "507f1f77bcf86cd799439014";
const GIFT_CARD: &str = "507f1f77bcf86cd799439017";
const SMITH: &str = "507f1f77bcf86cd799439015";
const AMAL: &str = "507f1f77bcf86cd799439016";
const NOBODY: &str = "507f1f77bcf86cd799439099";

fn workspace() -> Counterpart {
    counterpart("workspace")
}

fn update(mock: &Counterpart, body: Value) -> Answer {
    let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
    asking.json(body).send()
}

/// The session as an update left it.
#[track_caller]
fn updated(mock: &Counterpart, body: Value) -> Value {
    update(mock, body).is(200).json()["session"].clone()
}

fn stored(mock: &Counterpart) -> Value {
    let answer = mock.get(SESSION).bearer(&[]).send().is(200);
    answer.json()["session"].clone()
}

/// What an update must not touch when it's refused.
fn state(mock: &Counterpart) -> Vec<(String, String)> {
    let read = |target: &str| mock.get(target).bearer(&[]).send().is(200);
    let read = [read(SESSION), read(LIST)];
    read.map(|answer| (answer.header("etag").to_owned(), answer.text))
        .to_vec()
}

/// The page's request.
fn page_request() -> Value {
    json!({
        "name": "Updated Session Name",
        "clientId": "507f1f77bcf86cd799439012",
        "serviceIds": ["507f1f77bcf86cd799439013"],
        "staffId": "507f1f77bcf86cd799439015",
        "date": "2024-01-21T00:00:00.000Z",
        "startTime": "10:00",
        "durationMinutes": 90,
        "status": "in-progress",
        "reminder": {
            "isReminded": true,
            "remindedAt": "2024-01-20T10:00:00.000Z",
            "channels": ["sms"]
        }
    })
}

/// The page's response.
fn page_response() -> Value {
    json!({
        "session": {
            "id": "507f1f77bcf86cd799439011",
            "workspaceId": "507f191e810c19729de860ea",
            "clientId": "507f1f77bcf86cd799439012",
            "clientName": "John Doe",
            "serviceIds": ["507f1f77bcf86cd799439013"],
            "serviceNames": ["استشارة طبية"],
            "staffId": "507f1f77bcf86cd799439015",
            "staffName": "Dr. Smith",
            "name": "Updated Session Name",
            "date": "2024-01-21T00:00:00.000Z",
            "startTime": "10:00",
            "endTime": "11:30",
            "durationMinutes": 90,
            "status": "in-progress",
            "updatedAt": "2024-01-15T11:00:00.000Z"
        }
    })
}

/// The fixture's session as the page's response would show it, with these changed by an update.
fn changed(changes: Value) -> Value {
    let mut body = json!({
        "session": {
            "id": "507f1f77bcf86cd799439011",
            "workspaceId": "507f191e810c19729de860ea",
            "clientId": "507f1f77bcf86cd799439012",
            "clientName": "John Doe",
            "serviceIds": ["507f1f77bcf86cd799439013"],
            "serviceNames": ["استشارة طبية"],
            "staffId": "507f1f77bcf86cd799439015",
            "staffName": "Dr. Smith",
            "name": "Initial Session",
            "date": "2024-01-20T00:00:00.000Z",
            "startTime": "09:00",
            "endTime": "10:00",
            "durationMinutes": 60,
            "status": "scheduled",
            "updatedAt": "2024-01-15T11:00:00.000Z"
        }
    });
    for (name, value) in changes.as_object().expect("an object") {
        body["session"][name] = value.clone();
    }
    body
}

#[test]
fn the_pages_request_answers_with_the_pages_response() {
    let answer = update(&workspace(), page_request()).is(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.reads(&page_response());
}

#[test]
fn the_order_of_the_properties_sent_does_not_matter() {
    let sent = page_request();
    let fields = sent.as_object().expect("an object").clone();
    let backwards: serde_json::Map<_, _> = fields.into_iter().rev().collect();
    let answer = update(&workspace(), Value::Object(backwards));
    answer.is(200).reads(&page_response());
}

#[test]
fn the_pages_request_can_be_sent_again() {
    let mock = workspace();
    for _ in 0..3 {
        update(&mock, page_request())
            .is(200)
            .reads(&page_response());
    }
}

#[test]
fn the_session_reads_as_the_fixtures_have_it_until_it_is_changed() {
    let expected = json!({
        "id": "507f1f77bcf86cd799439011",
        "workspaceId": "507f191e810c19729de860ea",
        "clientId": "507f1f77bcf86cd799439012",
        "clientName": "John Doe",
        "serviceIds": ["507f1f77bcf86cd799439013"],
        "serviceNames": ["استشارة طبية"],
        "staffId": "507f1f77bcf86cd799439015",
        "staffName": "Dr. Smith",
        "name": "Initial Session",
        "date": "2024-01-20T00:00:00.000Z",
        "startTime": "09:00",
        "endTime": "10:00",
        "durationMinutes": 60,
        "status": "scheduled",
        "updatedAt": "2024-01-15T10:00:00.000Z"
    });
    let mut session = stored(&workspace());
    let reminder = session["reminder"].take();
    assert_eq!(reminder["isReminded"], false);
    session
        .as_object_mut()
        .expect("an object")
        .remove("reminder");
    assert_eq!(session, expected);
}

#[test]
fn what_was_written_is_read_back_with_its_reminder_from_the_item_and_the_list() {
    let mock = workspace();
    update(&mock, page_request()).is(200);
    let mut expected = page_response()["session"].clone();
    expected["reminder"] = page_request()["reminder"].clone();
    assert_eq!(stored(&mock), expected);
    let list = mock.get(LIST).bearer(&[]).send().is(200).json();
    assert_eq!(list, json!({"sessions": [expected], "total": 1}));
}

#[test]
fn each_property_alone_is_changed_and_the_rest_stays() {
    for (sent, shown) in [
        (json!({"name": "A"}), json!({"name": "A"})),
        (
            json!({"clientId": LAYLA}),
            json!({"clientId": LAYLA, "clientName": "Layla Haddad"}),
        ),
        (
            json!({"serviceIds": [FOLLOW_UP]}),
            json!({
                "serviceIds": [FOLLOW_UP], "serviceNames": ["Follow-up"],
                "durationMinutes": 30, "endTime": "09:30"
            }),
        ),
        (
            json!({"staffId": AMAL}),
            json!({"staffId": AMAL, "staffName": "Dr. Amal"}),
        ),
        (
            json!({"date": "2024-02-29T12:30:00.000Z"}),
            json!({"date": "2024-02-29T12:30:00.000Z"}),
        ),
        (
            json!({"startTime": "16:45"}),
            json!({"startTime": "16:45", "endTime": "17:45"}),
        ),
        (
            json!({"durationMinutes": 45}),
            json!({"durationMinutes": 45, "endTime": "09:45"}),
        ),
        (
            json!({"status": "completed"}),
            json!({"status": "completed"}),
        ),
        (json!({"reminder": {"isReminded": true}}), json!({})),
    ] {
        update(&workspace(), sent).is(200).reads(&changed(shown));
    }
}

#[test]
fn new_services_bring_the_sum_of_their_durations() {
    for (services, minutes, end, names) in [
        (vec![CONSULTATION], 60, "10:00", json!(["استشارة طبية"])),
        (vec![FOLLOW_UP], 30, "09:30", json!(["Follow-up"])),
        (
            vec![CONSULTATION, FOLLOW_UP],
            90,
            "10:30",
            json!(["استشارة طبية", "Follow-up"]),
        ),
        (
            vec![FOLLOW_UP, CONSULTATION],
            90,
            "10:30",
            json!(["Follow-up", "استشارة طبية"]),
        ),
        (
            vec![FOLLOW_UP, FOLLOW_UP, FOLLOW_UP],
            90,
            "10:30",
            json!(["Follow-up", "Follow-up", "Follow-up"]),
        ),
    ] {
        let answer = update(&workspace(), json!({"serviceIds": services}));
        answer.is(200).reads(&changed(json!({
            "serviceIds": services,
            "serviceNames": names,
            "endTime": end,
            "durationMinutes": minutes
        })));
    }
}

#[test]
fn a_duration_that_is_given_wins_over_the_services() {
    for minutes in [1, 15, 90, 600] {
        let body = json!({"serviceIds": [CONSULTATION, FOLLOW_UP], "durationMinutes": minutes});
        let session = updated(&workspace(), body);
        assert_eq!(session["durationMinutes"], minutes);
    }
}

#[test]
fn a_duration_that_was_given_once_stays_until_the_services_are_updated() {
    let mock = workspace();
    updated(&mock, json!({"durationMinutes": 45}));
    assert_eq!(updated(&mock, json!({"name": "A"}))["durationMinutes"], 45);
    assert_eq!(
        updated(&mock, json!({"startTime": "12:00"}))["endTime"],
        "12:45"
    );
    let session = updated(&mock, json!({"serviceIds": [CONSULTATION]}));
    assert_eq!(session["durationMinutes"], 60);
    assert_eq!(session["endTime"], "13:00");
    let session = updated(&mock, json!({"durationMinutes": 20}));
    assert_eq!(session["endTime"], "12:20");
    assert_eq!(session["serviceIds"], json!([CONSULTATION]));
}

#[test]
fn the_end_is_the_start_plus_the_duration_over_midnight_too() {
    for (start, minutes, end) in [
        ("23:30", 60, "00:30"),
        ("23:30", 30, "00:00"),
        ("23:59", 1, "00:00"),
        ("23:59", 2, "00:01"),
        ("00:00", 1, "00:01"),
        ("00:00", 1439, "23:59"),
        ("00:00", 1440, "00:00"),
        ("09:05", 1440, "09:05"),
        ("09:05", 1441, "09:06"),
        ("12:00", 2 * 1440 + 61, "13:01"),
        ("08:00", 5, "08:05"),
        ("09:59", 1, "10:00"),
    ] {
        let body = json!({"startTime": start, "durationMinutes": minutes});
        let session = updated(&workspace(), body);
        assert_eq!(session["endTime"], end, "{start} + {minutes}");
        let mock = workspace();
        updated(&mock, json!({"durationMinutes": minutes}));
        let session = updated(&mock, json!({"startTime": start}));
        assert_eq!(
            session["endTime"], end,
            "{start} + {minutes}, one after the other"
        );
    }
}

#[test]
fn a_service_sum_goes_over_midnight_too() {
    let body = json!({"startTime": "23:30", "serviceIds": [CONSULTATION, FOLLOW_UP]});
    assert_eq!(updated(&workspace(), body)["endTime"], "01:00");
}

#[test]
fn no_duration_makes_the_mock_fail() {
    let mock = workspace();
    for minutes in [
        "0",
        "0.5",
        "1e3",
        "1e18",
        "1e300",
        "9223372036854775807",
        "-0.0",
    ] {
        let body = format!("{{\"durationMinutes\": {minutes}}}");
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let answer = asking.body("application/json", body).send();
        assert!(
            [200, 422].contains(&answer.status),
            "{minutes}: {}",
            answer.text
        );
        if answer.status == 200 {
            let end = answer.json()["session"]["endTime"].clone();
            assert_eq!(end.as_str().map(str::len), Some(5), "{minutes}");
        }
    }
}

#[test]
fn staff_id_null_removes_the_assignment_and_the_name() {
    let mock = workspace();
    for body in [json!({"staffId": null}), json!({"name": "Still nobody"})] {
        for session in [updated(&mock, body), stored(&mock)] {
            assert!(session["staffId"].is_null(), "{session}");
            assert!(session["staffName"].is_null(), "{session}");
        }
    }
    let session = updated(&mock, json!({"staffId": AMAL}));
    assert_eq!(session["staffName"], "Dr. Amal");
}

#[test]
fn names_that_follow_an_identifier_cannot_be_sent() {
    let body = json!({
        "clientName": "Eve", "serviceNames": ["Free"], "staffName": "Eve", "endTime": "23:00",
        "id": "507f1f77bcf86cd799439099", "workspaceId": "507f191e810c19729de860eb",
        "updatedAt": "2000-01-01T00:00:00.000Z", "createdAt": 5, "name": "A"
    });
    let mock = workspace();
    update(&mock, body)
        .is(200)
        .reads(&changed(json!({"name": "A"})));
    let session = stored(&mock);
    assert_eq!(session["clientName"], "John Doe");
    assert!(session.get("createdAt").is_none());
}

#[test]
fn a_reminder_changes_by_the_fields_that_are_given() {
    let mock = workspace();
    updated(&mock, page_request());
    updated(&mock, json!({"reminder": {"isReminded": false}}));
    let reminder = stored(&mock)["reminder"].clone();
    assert_eq!(reminder["isReminded"], false);
    assert_eq!(reminder["remindedAt"], "2024-01-20T10:00:00.000Z");
    assert_eq!(reminder["channels"], json!(["sms"]));
    updated(&mock, json!({"reminder": {"remindedAt": null}}));
    let reminder = stored(&mock)["reminder"].clone();
    assert!(reminder["remindedAt"].is_null(), "{reminder}");
    assert_eq!(reminder["channels"], json!(["sms"]));
}

#[test]
fn reminder_channels_are_replaced_whole() {
    let mock = workspace();
    for channels in [
        json!(["sms", "whatsapp", "manual", "bulk-sms"]),
        json!(["whatsapp"]),
        json!([]),
        json!(["bulk-sms", "sms"]),
    ] {
        updated(&mock, json!({"reminder": {"channels": channels}}));
        assert_eq!(stored(&mock)["reminder"]["channels"], channels);
    }
}

#[test]
fn every_documented_status_is_accepted() {
    let mock = workspace();
    for status in ["in-progress", "completed", "cancelled", "scheduled"] {
        assert_eq!(updated(&mock, json!({"status": status}))["status"], status);
    }
}

#[test]
fn values_at_the_boundary_are_accepted() {
    for (name, value) in [
        ("name", json!("x")),
        ("name", json!(" ")),
        ("name", json!("جلسة")),
        ("startTime", json!("00:00")),
        ("startTime", json!("09:00")),
        ("startTime", json!("19:59")),
        ("startTime", json!("23:59")),
        ("durationMinutes", json!(1)),
        ("date", json!("2024-01-21T00:00:00Z")),
        ("date", json!("2024-01-21T00:00:00+03:00")),
        ("date", json!("1999-12-31T23:59:59.999Z")),
    ] {
        let session = updated(&workspace(), json!({ name: value }));
        assert_eq!(session[name], value);
    }
}

#[test]
fn no_field_at_all_is_400() {
    let mock = workspace();
    let before = state(&mock);
    for body in [json!({}), json!({"id": "507f1f77bcf86cd799439099"})] {
        let answer = update(&mock, body).problem(400);
        assert!(answer.text.contains("at least one") || answer.text.contains("At least one"));
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_body_that_is_missing_or_no_json_is_400() {
    let mock = workspace();
    let before = state(&mock);
    let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
    asking.send().problem(400);
    let broken: [&[u8]; 7] = [
        b"",
        b" ",
        b"{",
        b"{\"name\": \"A\",}",
        b"{\"name\": \"\xff\"}",
        b"name=A",
        b"{\"name\": \"A\"}]",
    ];
    for body in broken {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let answer = asking.body("application/json", body).send();
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(body));
        answer.problem(400);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_body_that_is_no_object_is_422_at_the_root() {
    let mock = workspace();
    for body in [
        json!([]),
        json!("name"),
        json!(5),
        json!(false),
        json!(null),
    ] {
        let answer = update(&mock, body.clone());
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        answer.invalid_at(&[""]);
    }
}

#[test]
fn every_value_that_breaks_the_page_is_422_at_its_place() {
    let mut wrong = vec![
        (json!({"name": ""}), "/name"),
        (json!({"clientId": NOBODY}), "/clientId"),
        (json!({"clientId": SMITH}), "/clientId"),
        (json!({"clientId": ""}), "/clientId"),
        (json!({"staffId": NOBODY}), "/staffId"),
        (json!({"staffId": JOHN}), "/staffId"),
        (json!({"staffId": ""}), "/staffId"),
        (json!({"serviceIds": []}), "/serviceIds"),
        (json!({"serviceIds": [NOBODY]}), "/serviceIds/0"),
        (json!({"serviceIds": [GIFT_CARD]}), "/serviceIds/0"),
        (
            json!({"serviceIds": [CONSULTATION, GIFT_CARD]}),
            "/serviceIds/1",
        ),
        (
            json!({"serviceIds": [CONSULTATION, NOBODY, FOLLOW_UP]}),
            "/serviceIds/1",
        ),
        (
            json!({"serviceIds": [CONSULTATION, FOLLOW_UP, ""]}),
            "/serviceIds/2",
        ),
        (
            json!({"serviceIds": [GIFT_CARD], "durationMinutes": 60}),
            "/serviceIds/0",
        ),
        (json!({"serviceIds": [CONSULTATION, 5]}), "/serviceIds/1"),
        (json!({"serviceIds": [null]}), "/serviceIds/0"),
        (json!({"durationMinutes": -1}), "/durationMinutes"),
        (
            json!({"reminder": {"isReminded": "true"}}),
            "/reminder/isReminded",
        ),
        (
            json!({"reminder": {"isReminded": null}}),
            "/reminder/isReminded",
        ),
        (
            json!({"reminder": {"isReminded": 1}}),
            "/reminder/isReminded",
        ),
        (
            json!({"reminder": {"channels": "sms"}}),
            "/reminder/channels",
        ),
        (
            json!({"reminder": {"channels": null}}),
            "/reminder/channels",
        ),
        (
            json!({"reminder": {"channels": ["email"]}}),
            "/reminder/channels/0",
        ),
        (
            json!({"reminder": {"channels": ["sms", "SMS"]}}),
            "/reminder/channels/1",
        ),
        (
            json!({"reminder": {"channels": ["sms", 5]}}),
            "/reminder/channels/1",
        ),
        (
            json!({"reminder": {"channels": [null]}}),
            "/reminder/channels/0",
        ),
    ];
    for status in [
        json!("done"),
        json!("in_progress"),
        json!("Scheduled"),
        json!(""),
        json!(1),
        json!(null),
    ] {
        wrong.push((json!({"status": status}), "/status"));
    }
    for time in [
        json!("24:00"),
        json!("23:60"),
        json!("9:30"),
        json!("09:3"),
        json!("0930"),
        json!("09:30:00"),
        json!("09.30"),
        json!("9:30 AM"),
        json!(" 09:30"),
        json!("09:30\n"),
        json!("-1:30"),
        json!("٠٩:٣٠"),
        json!("0９:30"),
        json!(""),
        json!(930),
        json!(null),
    ] {
        wrong.push((json!({"startTime": time}), "/startTime"));
    }
    for date in [
        json!(""),
        json!("tomorrow"),
        json!("2024-01-21"),
        json!("21/01/2024"),
        json!("2024-02-30T00:00:00.000Z"),
        json!("2024-13-01T00:00:00.000Z"),
        json!("2024-01-21T25:00:00.000Z"),
        json!("Sun, 21 Jan 2024 00:00:00 GMT"),
        json!(1_705_795_200),
    ] {
        wrong.push((json!({"date": date}), "/date"));
        wrong.push((
            json!({"reminder": {"remindedAt": date}}),
            "/reminder/remindedAt",
        ));
    }
    wrong.push((json!({"date": null}), "/date"));
    for (name, types) in [
        ("name", "ndbao"),
        ("clientId", "ndbao"),
        ("serviceIds", "ndbso"),
        ("staffId", "dbao"),
        ("date", "dbao"),
        ("startTime", "dbao"),
        ("durationMinutes", "nbsao"),
        ("status", "dbao"),
        ("reminder", "ndbsa"),
    ] {
        for kind in types.chars() {
            let value = match kind {
                'n' => json!(null),
                'd' => json!(5),
                'b' => json!(true),
                's' => json!("60"),
                'a' => json!([]),
                _ => json!({}),
            };
            wrong.push((json!({ name: value }), ""));
        }
    }
    let mock = workspace();
    let before = state(&mock);
    assert_eq!(misjudged(&wrong, |body| update(&mock, body)), NONE);
    assert_eq!(state(&mock), before);
}

#[test]
fn all_violations_of_the_schema_are_told_at_once() {
    let body = json!({
        "name": "", "clientId": 5, "serviceIds": [], "staffId": false, "date": "soon",
        "startTime": "25:00", "durationMinutes": "90", "status": "done",
        "reminder": {"isReminded": 1, "remindedAt": "soon", "channels": ["sms", "fax", "post"]}
    });
    update(&workspace(), body).invalid_at(&[
        "/name",
        "/clientId",
        "/serviceIds",
        "/staffId",
        "/date",
        "/startTime",
        "/durationMinutes",
        "/status",
        "/reminder/isReminded",
        "/reminder/remindedAt",
        "/reminder/channels/1",
        "/reminder/channels/2",
    ]);
}

#[test]
fn all_violations_of_the_rules_are_told_at_once() {
    let body = json!({
        "clientId": NOBODY, "staffId": NOBODY,
        "serviceIds": [GIFT_CARD, CONSULTATION, NOBODY, FOLLOW_UP, GIFT_CARD]
    });
    let pointers = [
        "/clientId",
        "/staffId",
        "/serviceIds/0",
        "/serviceIds/2",
        "/serviceIds/4",
    ];
    update(&workspace(), body).invalid_at(&pointers);
}

#[test]
fn violations_of_the_schema_and_of_the_rules_are_told_together() {
    let body = json!({"name": "", "clientId": NOBODY, "serviceIds": [GIFT_CARD]});
    update(&workspace(), body).invalid_at(&["/name", "/clientId", "/serviceIds/0"]);
}

#[test]
fn one_wrong_value_keeps_the_right_ones_from_being_written() {
    let mock = workspace();
    let before = state(&mock);
    let mut body = page_request();
    body["staffId"] = json!(NOBODY);
    update(&mock, body).invalid_at(&["/staffId"]);
    assert_eq!(state(&mock), before);
}

#[test]
fn an_unknown_session_or_workspace_is_404_and_so_is_a_session_of_another_workspace() {
    let mock = workspace();
    let before = state(&mock);
    for target in [
        "/v1/workspace/507f191e810c19729de860ea/sessions/507f1f77bcf86cd799439099",
        "/v1/workspace/507f191e810c19729de860ff/sessions/507f1f77bcf86cd799439011",
        "/v1/workspace/507f191e810c19729de860ff/sessions/507f1f77bcf86cd799439099",
        "/v1/workspace/x/sessions/y",
        ELSEWHERE,
    ] {
        mock.get(target).bearer(&[]).send().problem(404);
        let asking = mock.patch(target).bearer(&["sessions.update"]);
        asking.json(page_request()).send().problem(404);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn the_list_of_an_unknown_workspace_is_404_and_of_an_empty_one_is_empty() {
    let mock = workspace();
    let unknown = mock.get("/v1/workspace/507f191e810c19729de860ff/sessions");
    unknown.bearer(&[]).send().problem(404);
    let empty = mock.get("/v1/workspace/507f191e810c19729de860eb/sessions");
    let empty = empty.bearer(&[]).send().is(200);
    empty.reads(&json!({"sessions": [], "total": 0}));
}

#[test]
fn the_list_narrows_by_the_documented_parameters() {
    let mock = workspace();
    updated(&mock, json!({"status": "completed", "clientId": LAYLA}));
    for (query, total) in [
        ("status=completed", 1),
        ("status=scheduled", 0),
        (&format!("clientId={LAYLA}"), 1),
        (&format!("clientId={JOHN}"), 0),
        (&format!("staffId={SMITH}&status=completed"), 1),
        (&format!("staffId={AMAL}&status=completed"), 0),
    ] {
        let asking = mock.get(&format!("{LIST}?{query}")).bearer(&[]);
        assert_eq!(asking.send().is(200).json()["total"], total, "{query}");
    }
    let asking = mock.get(&format!("{LIST}?status=done")).bearer(&[]);
    assert_eq!(asking.send().problem(422).parameters(), ["status"]);
}

#[test]
fn the_permission_is_read_from_each_claim_as_an_array_and_as_a_string() {
    for claims in [
        json!({"permissions": ["sessions.update"]}),
        json!({"permissions": ["sessions.read", "sessions.update"]}),
        json!({"permissions": "sessions.update"}),
        json!({"permissions": "sessions.read sessions.update"}),
        json!({"scope": "sessions.update"}),
        json!({"scope": "openid sessions.update profile"}),
        json!({"scope": ["sessions.update"]}),
        json!({"scp": ["openid", "sessions.update"]}),
        json!({"scp": "sessions.update"}),
        json!({"scp": "openid sessions.update"}),
        json!({"permissions": [], "scope": "openid", "scp": ["sessions.update"]}),
        json!({"permissions": ["other"], "scope": "sessions.update"}),
        json!({"permissions": null, "scope": 5, "scp": "sessions.update"}),
        json!({"permissions": ["sessions.update"], "exp": 4_102_444_800_u64}),
        json!({"permissions": ["sessions.update", 5, null]}),
    ] {
        let mock = workspace();
        let asking = mock.patch(SESSION).claims(claims.clone());
        let answer = asking.json(json!({"name": "A"})).send();
        assert_eq!(answer.status, 200, "{claims}: {}", answer.text);
    }
}

#[test]
fn a_token_without_the_permission_is_403_and_changes_nothing() {
    let mock = workspace();
    let before = state(&mock);
    for claims in [
        json!({}),
        json!({"permissions": []}),
        json!({"permissions": ["sessions.read"]}),
        json!({"permissions": ["sessions"]}),
        json!({"permissions": ["sessions.*"]}),
        json!({"permissions": ["sessions.update.own"]}),
        json!({"permissions": ["xsessions.update"]}),
        json!({"permissions": ["SESSIONS.UPDATE"]}),
        json!({"permissions": [["sessions.update"]]}),
        json!({"permissions": {"sessions.update": true}}),
        json!({"permissions": 5}),
        json!({"scope": ""}),
        json!({"scope": "sessions.updated sessions update"}),
        json!({"scp": null}),
        json!({"role": "sessions.update"}),
        json!({"sub": "sessions.update"}),
    ] {
        let asking = mock.patch(SESSION).claims(claims.clone());
        let answer = asking.json(json!({"name": "A"})).send();
        assert_eq!(answer.status, 403, "{claims}: {}", answer.text);
        answer.problem(403);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn no_token_or_one_that_is_no_jwt_is_401_with_a_challenge() {
    let mock = workspace();
    let before = state(&mock);
    let mut answers = vec![mock.patch(SESSION).json(page_request()).send()];
    for credential in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer token",
        "Bearer a.b",
        "Bearer a.b.c",
        "Bearer a.b.c.d",
        "Bearer ..",
        "Bearer e30.e30",
        "Bearer !!!.e30.c2ln",
        "Bearer e30.W10.c2ln",
        "Bearer e30.bm90IGpzb24.c2ln",
        "Basic dXNlcjpwYXNz",
        "Token e30.e30.c2ln",
        "e30.e30.c2ln",
    ] {
        let asking = mock.patch(SESSION).header("authorization", credential);
        answers.push(asking.json(page_request()).send());
    }
    answers.push(mock.get(SESSION).send());
    answers.push(mock.get(LIST).send());
    for answer in answers {
        let sent = answer
            .exchange
            .request
            .headers
            .get("authorization")
            .cloned();
        assert_eq!(answer.status, 401, "{sent:?}: {}", answer.text);
        let answer = answer.problem(401);
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer"), "{sent:?}: {challenge}");
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn an_expired_token_is_401_with_a_challenge() {
    let mock = workspace();
    for expired in [
        json!(0),
        json!(1),
        json!(1_705_316_400),
        json!(1_705_316_400.5),
        json!(-5),
    ] {
        let claims = json!({"permissions": ["sessions.update"], "exp": expired});
        for asking in [mock.patch(SESSION).json(page_request()), mock.get(SESSION)] {
            let answer = asking.claims(claims.clone()).send();
            assert_eq!(answer.status, 401, "{expired}: {}", answer.text);
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
}

#[test]
fn the_name_of_the_scheme_is_read_in_any_case() {
    for scheme in ["bearer", "BEARER"] {
        let mock = workspace();
        let asking = mock.get(SESSION);
        asking
            .header("authorization", &format!("{scheme} e30.e30.c2ln"))
            .send()
            .is(200);
    }
}

#[test]
fn security_is_judged_before_everything_else() {
    let mock = workspace();
    let wrong: [fn(Asking<'_>) -> Asking<'_>; 3] = [
        |asking| asking.json(json!({"name": ""})),
        |asking| asking.body("text/plain", "x"),
        |asking| asking.body("application/json", "{"),
    ];
    for body in wrong {
        for target in [SESSION, ELSEWHERE] {
            body(mock.patch(target)).send().is(401);
            body(mock.patch(target)).bearer(&["other"]).send().is(403);
        }
    }
}

#[test]
fn a_wrong_content_type_is_415() {
    let mock = workspace();
    let before = state(&mock);
    for media_type in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
    ] {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let answer = asking.body(media_type, page_request().to_string()).send();
        assert_eq!(
            answer.problem(415).header("accept-patch"),
            "application/json"
        );
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_violation_is_told_before_an_unknown_session() {
    let asking = workspace();
    let asking = asking.patch(ELSEWHERE).bearer(&["sessions.update"]);
    asking
        .json(json!({"name": ""}))
        .send()
        .invalid_at(&["/name"]);
}

#[test]
fn the_server_error_and_every_other_reply_come_on_demand_and_change_nothing() {
    let mock = workspace();
    let before = state(&mock);
    for code in [200, 400, 401, 403, 404, 412, 415, 422, 500] {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let asking = asking.header("prefer", &format!("code={code}"));
        let answer = asking.json(json!({"name": "Never"})).send().is(code);
        assert_eq!(answer.header("preference-applied"), format!("code={code}"));
        if code != 200 {
            answer.problem(code);
        }
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_stale_if_match_is_412_and_changes_nothing() {
    let mock = workspace();
    let stale = mock
        .get(SESSION)
        .bearer(&[])
        .send()
        .header("etag")
        .to_owned();
    updated(&mock, json!({"name": "First"}));
    let before = state(&mock);
    for condition in [stale.as_str(), "W/\"x\"", "\"x\", \"y\""] {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let asking = asking.header("if-match", condition);
        asking.json(json!({"name": "Lost"})).send().problem(412);
    }
    assert_eq!(state(&mock), before);
    let current = before[0].0.clone();
    for condition in [current.as_str(), "*"] {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let asking = asking.header("if-match", condition);
        asking.json(json!({"name": "Kept"})).send().is(200);
    }
}

#[test]
fn a_change_of_the_reminder_alone_makes_a_new_etag() {
    let mock = workspace();
    let before = state(&mock);
    updated(&mock, json!({"reminder": {"channels": ["manual"]}}));
    let after = state(&mock);
    assert_ne!(before[0].0, after[0].0);
    assert_ne!(before[1].0, after[1].0);
}

#[test]
fn a_read_with_the_current_etag_is_304() {
    let mock = workspace();
    for target in [SESSION, LIST] {
        let read = || mock.get(target).bearer(&[]);
        let tag = read().send().is(200).header("etag").to_owned();
        let answer = read().header("if-none-match", &tag).send().is(304);
        assert_eq!(
            (answer.text.as_str(), answer.header("etag")),
            ("", tag.as_str())
        );
        updated(&mock, json!({"name": target}));
        read().header("if-none-match", &tag).send().is(200);
    }
}

#[test]
fn if_unmodified_since_is_412_only_when_the_session_changed_later() {
    let mock = workspace();
    updated(&mock, json!({"name": "A"}));
    for (date, status) in [
        ("Mon, 15 Jan 2024 10:59:59 GMT", 412),
        ("Mon, 15 Jan 2024 11:00:00 GMT", 200),
        ("Mon, 15 Jan 2024 11:00:01 GMT", 200),
    ] {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let asking = asking.header("if-unmodified-since", date);
        asking.json(json!({"name": "B"})).send().is(status);
    }
}

#[test]
fn of_64_concurrent_updates_with_one_if_match_exactly_one_succeeds() {
    let mock = workspace();
    let tag = mock
        .get(SESSION)
        .bearer(&[])
        .send()
        .header("etag")
        .to_owned();
    let answers = at_once(64, |number| {
        let asking = mock.patch(SESSION).bearer(&["sessions.update"]);
        let asking = asking.header("if-match", &tag);
        let name = format!("Writer {number}");
        (
            name.clone(),
            asking.json(json!({ "name": name })).send().status,
        )
    });
    let won: Vec<_> = answers.iter().filter(|answer| answer.1 == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| [200, 412].contains(&answer.1)));
    assert_eq!(stored(&mock)["name"], won[0].0);
}

#[test]
fn no_value_of_any_property_makes_the_mock_fail() {
    let mock = workspace();
    assert_eq!(failures(&page_request(), |body| update(&mock, body)), NONE);
}

#[test]
fn a_422_reads_as_a_problem_with_an_entry_for_each_violation() {
    let body = json!({"clientId": NOBODY, "serviceIds": [CONSULTATION, GIFT_CARD]});
    let answer = update(&workspace(), body).problem(422);
    let text = serde_json::to_string_pretty(&answer.json()).expect("JSON");
    insta::assert_snapshot!(text, @r#"
    {
      "type": "about:blank",
      "title": "Unprocessable Content",
      "status": 422,
      "detail": "The request has 2 violations.",
      "errors": [
        {
          "pointer": "/clientId",
          "detail": "There is no such client.",
          "rule": "require"
        },
        {
          "pointer": "/serviceIds/1",
          "detail": "Every service must be known and have the scope sessions; this one isn't: 507f1f77bcf86cd799439017",
          "rule": "require"
        }
      ],
      "instance": "/v1/workspace/507f191e810c19729de860ea/sessions/507f1f77bcf86cd799439011"
    }
    "#);
}
