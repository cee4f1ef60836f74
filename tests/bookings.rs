//! The bookings API: `specs/bookings.yaml`, as its page says; the recurring session most of all.

use crate::harness::{Answer, Counterpart, NONE, at_once, counterpart, failures, misjudged};
use serde_json::{Value, json};

const SINGLE: &str = "2mmoW0vwKcSFyxtOfCdKNWpXfTMwOG1eDJiG34R4gORBP7dZp75XWXUVtvdEzhzsxfmG3a2lDyh9eqcQi2o6zxLAigrZPso7AQoP";
const RECURRING: &str = "rec-mon-10";
const PAST: &str = "rec-mon-10_20201214";
const FIRST: &str = "rec-mon-10_20201221";
const SECOND: &str = "rec-mon-10_20201228";
const THIRD: &str = "rec-mon-10_20210104";
const ALL: [&str; 6] = [SINGLE, RECURRING, PAST, FIRST, SECOND, THIRD];
const RULE: &str = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;UNTIL=20210131T000000Z";

fn bookings() -> Counterpart {
    counterpart("bookings")
}

fn path(id: &str) -> String {
    format!("/v1/sessions/{id}")
}

fn update(mock: &Counterpart, id: &str, body: Value) -> Answer {
    let asking = mock.patch(&path(id)).bearer(&["bookings.admin"]);
    asking.json(body).send()
}

#[track_caller]
fn updated(mock: &Counterpart, id: &str, body: Value) -> Value {
    update(mock, id, body).is(200).json()
}

fn read(mock: &Counterpart, id: &str) -> Answer {
    mock.get(&path(id)).bearer(&[]).send().is(200)
}

fn stored(mock: &Counterpart, id: &str) -> Value {
    read(mock, id).json()
}

/// Every session with its ETag, and the list with its own.
fn state(mock: &Counterpart) -> Vec<(String, String)> {
    let list = mock.get("/v1/sessions").bearer(&[]).send().is(200);
    let answers = ALL.iter().map(|id| read(mock, id)).chain([list]);
    let both = |answer: Answer| (answer.header("etag").to_owned(), answer.text);
    answers.map(both).collect()
}

/// A date and time of the London winter, where the clock shows UTC.
fn at(text: &str) -> Value {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().expect("a number");
    json!({
        "timestamp": format!("{}T{}:00.000Z", &text[..10], &text[11..]),
        "localDateTime": {
            "year": number(0..4),
            "monthOfYear": number(5..7),
            "dayOfMonth": number(8..10),
            "hourOfDay": number(11..13),
            "minutesOfHour": number(14..16)
        },
        "timeZone": "Europe/London"
    })
}

/// A body with the start and the end that aren't empty; the recurring session's day where none is said.
fn times(start: &str, end: &str) -> Value {
    let mut body = json!({});
    for (name, time) in [("start", start), ("end", end)] {
        if !time.is_empty() {
            body[name] = at(&day_or(time, "2020-12-14"));
        }
    }
    body
}

fn day_or(time: &str, day: &str) -> String {
    match time.len() {
        5 => format!("{day} {time}"),
        _ => time.to_owned(),
    }
}

/// The days of the future instances, in order.
const FUTURE: [(&str, &str); 3] = [
    (FIRST, "2020-12-21"),
    (SECOND, "2020-12-28"),
    (THIRD, "2021-01-04"),
];

/// The instance is at these times, on its day where none is said; timestamp and local time agree.
#[track_caller]
fn is_at(mock: &Counterpart, id: &str, start: &str, end: &str) {
    let day = format!("{}-{}-{}", &id[11..15], &id[15..17], &id[17..19]);
    let session = stored(mock, id);
    let (start, end) = (at(&day_or(start, &day)), at(&day_or(end, &day)));
    assert_eq!(session["start"], start, "the start of {id}");
    assert_eq!(session["end"], end, "the end of {id}");
}

#[track_caller]
fn recur(mock: &Counterpart, start: &str, end: &str) {
    updated(mock, RECURRING, times(start, end));
}

/// An update of the first instance itself.
#[track_caller]
fn change(mock: &Counterpart, start: &str, end: &str) {
    let on_day = |time: &str| match time.len() {
        0 => String::new(),
        _ => day_or(time, "2020-12-21"),
    };
    updated(mock, FIRST, times(&on_day(start), &on_day(end)));
}

/// A line of a story about the first instance: who is changed, to which start and end, and
/// where the instance is then.
type Step = (char, &'static str, &'static str, &'static str, &'static str);

/// `r` changes the recurring session, `i` the instance. Its siblings follow in all of it.
#[track_caller]
fn story(steps: &[Step]) {
    let mock = bookings();
    let past = read(&mock, PAST);
    let (mut start, mut end) = ("10:00", "11:00");
    for (number, (who, new_start, new_end, at_start, at_end)) in steps.iter().enumerate() {
        let step = number + 1;
        eprintln!("step {step}: {who} {new_start} {new_end} -> {at_start} {at_end}");
        if *who == 'r' {
            recur(&mock, new_start, new_end);
            start = if new_start.is_empty() {
                start
            } else {
                new_start
            };
            end = if new_end.is_empty() { end } else { new_end };
        } else {
            change(&mock, new_start, new_end);
        }
        is_at(&mock, FIRST, at_start, at_end);
        is_at(&mock, SECOND, start, end);
        is_at(&mock, THIRD, start, end);
        let recurring = stored(&mock, RECURRING);
        assert_eq!(recurring["start"], at(&day_or(start, "2020-12-14")));
        assert_eq!(recurring["end"], at(&day_or(end, "2020-12-14")));
    }
    let after = read(&mock, PAST);
    assert_eq!(
        (past.header("etag"), &past.text),
        (after.header("etag"), &after.text)
    );
}

fn single() -> Value {
    json!({
        "_id": SINGLE,
        "scheduleId": "4b21a5af-3b69-42ce-a3ba-9cf60d7b4422",
        "scheduleOwnerId": "49c7fac5-227c-44d0-a4f3-c1a5c511edf1",
        "start": {"timestamp": "2020-12-30T15:00:00.000Z"},
        "end": {"timestamp": "2020-12-30T16:00:00.000Z"},
        "status": "CONFIRMED",
        "tags": ["INDIVIDUAL"],
        "type": "EVENT"
    })
}

/// The page's session with these changed.
fn changed(changes: Value) -> Value {
    let mut session = single();
    for (name, value) in changes.as_object().expect("an object") {
        session[name] = value.clone();
    }
    session
}

#[test]
fn the_pages_request_answers_with_the_pages_session() {
    let mock = bookings();
    let asking = mock
        .patch(&format!("{}?suppressAuth=true", path(SINGLE)))
        .bearer(&[]);
    let answer = asking
        .json(json!({"notes": "An updated note"}))
        .send()
        .is(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let expected = changed(json!({"notes": "An updated note"}));
    answer.reads(&expected);
    read(&mock, SINGLE).reads(&expected);
}

#[test]
fn the_session_is_as_on_the_page_without_notes_until_it_is_changed() {
    read(&bookings(), SINGLE).reads(&single());
}

#[test]
fn each_property_alone_is_replaced_and_the_rest_stays() {
    for changes in [
        json!({"notes": ""}),
        json!({"status": "CANCELLED"}),
        json!({"type": "WORKING_HOURS"}),
        json!({"tags": []}),
        json!({"start": {"timestamp": "2020-12-30T15:59:59.999Z"}}),
        json!({"end": {"timestamp": "2020-12-30T15:00:00.001Z"}}),
        json!({"end": {"timestamp": "2021-01-30T16:00:00Z"}}),
    ] {
        let answer = update(&bookings(), SINGLE, changes.clone());
        answer.is(200).reads(&changed(changes));
    }
}

#[test]
fn arrays_are_overwritten_whole() {
    let mock = bookings();
    for tags in [
        json!(["A", "B", "C"]),
        json!(["D"]),
        json!([]),
        json!(["B", "B"]),
    ] {
        updated(&mock, SINGLE, json!({"tags": tags}));
        assert_eq!(stored(&mock, SINGLE)["tags"], tags);
    }
}

#[test]
fn a_time_that_is_given_replaces_the_stored_one_whole() {
    let mock = bookings();
    let body = json!({"start": {"timestamp": "2020-12-21T10:15:00.000Z"}});
    let session = updated(&mock, FIRST, body.clone());
    assert_eq!(session["start"], body["start"]);
}

#[test]
fn properties_that_the_request_does_not_declare_have_no_effect() {
    let mock = bookings();
    let body = json!({
        "_id": "other", "scheduleId": 5, "scheduleOwnerId": null, "recurringSessionId": RECURRING,
        "instanceOfRecurrence": RULE, "occursOn": "2020-12-21", "ownStart": true,
        "surprise": {}, "notes": "A"
    });
    let answer = update(&mock, SINGLE, body).is(200);
    answer.reads(&changed(json!({"notes": "A"})));
    let list = mock.get(&format!("/v1/sessions?recurringSessionId={RECURRING}"));
    assert_eq!(list.bearer(&[]).send().is(200).json()["total"], 4);
}

#[test]
fn the_list_shows_what_was_written_and_narrows_by_its_parameters() {
    let mock = bookings();
    let single = updated(
        &mock,
        SINGLE,
        json!({"status": "CANCELLED", "notes": "Off"}),
    );
    let list = |query: &str| {
        let asking = mock.get(&format!("/v1/sessions{query}")).bearer(&[]);
        asking.send().is(200).json()
    };
    assert_eq!(list("")["total"], 6);
    assert_eq!(list("")["sessions"][0], single);
    assert_eq!(
        list("?status=CANCELLED"),
        json!({"sessions": [single], "total": 1})
    );
    assert_eq!(list("?recurringSessionId=rec-mon-10")["total"], 4);
    assert_eq!(
        list("?recurringSessionId=rec-mon-10&status=CANCELLED")["total"],
        0
    );
    assert_eq!(
        list("?recurringSessionId=none"),
        json!({"sessions": [], "total": 0})
    );
    let asking = mock.get("/v1/sessions?status=cancelled").bearer(&[]);
    assert_eq!(asking.send().problem(422).parameters(), ["status"]);
}

#[test]
fn a_local_time_without_a_zone_is_in_the_zone_of_the_business() {
    for (month, timestamp) in [
        (6, "2021-06-07T09:00:00.000Z"),
        (12, "2021-12-07T10:00:00.000Z"),
    ] {
        let local = |hour: u32| {
            json!({"localDateTime": {
                "year": 2021, "monthOfYear": month, "dayOfMonth": 7,
                "hourOfDay": hour, "minutesOfHour": 0
            }})
        };
        let body = json!({"start": local(10), "end": local(11)});
        let session = updated(&bookings(), SINGLE, body.clone());
        assert_eq!(session["start"]["timestamp"], timestamp);
        let local = &body["start"]["localDateTime"];
        assert_eq!(&session["start"]["localDateTime"], local);
    }
}

#[test]
fn a_local_time_with_a_zone_is_in_that_zone() {
    for (zone, timestamp) in [
        ("Europe/London", "2021-06-07T09:00:00.000Z"),
        ("America/New_York", "2021-06-07T14:00:00.000Z"),
        ("Asia/Kolkata", "2021-06-07T04:30:00.000Z"),
        ("UTC", "2021-06-07T10:00:00.000Z"),
    ] {
        let local = |hour: u32| {
            json!({
                "localDateTime": {
                    "year": 2021, "monthOfYear": 6, "dayOfMonth": 7,
                    "hourOfDay": hour, "minutesOfHour": 0
                },
                "timeZone": zone
            })
        };
        let body = json!({"start": local(10), "end": local(11)});
        let session = updated(&bookings(), SINGLE, body);
        assert_eq!(session["start"]["timestamp"], timestamp, "{zone}");
    }
}

#[test]
fn every_value_that_breaks_the_page_is_422_at_its_place() {
    let local = |change: Value| {
        let mut time = at("2020-12-30 15:00");
        for (name, value) in change.as_object().expect("an object") {
            time["localDateTime"][name] = value.clone();
        }
        json!({ "start": time })
    };
    let wrong = [
        (json!({"status": "DECLINED"}), "/status"),
        (json!({"status": "confirmed"}), "/status"),
        (json!({"status": ""}), "/status"),
        (json!({"status": 5}), "/status"),
        (json!({"status": null}), "/status"),
        (json!({"status": ["CONFIRMED"]}), "/status"),
        (json!({"type": "CLASS"}), "/type"),
        (json!({"type": "event"}), "/type"),
        (json!({"type": true}), "/type"),
        (json!({"type": null}), "/type"),
        (json!({"tags": "GROUP"}), "/tags"),
        (json!({"tags": null}), "/tags"),
        (json!({"tags": {"0": "GROUP"}}), "/tags"),
        (json!({"tags": ["A", 5, "B"]}), "/tags/1"),
        (json!({"tags": ["A", "B", null]}), "/tags/2"),
        (json!({"notes": 5}), "/notes"),
        (json!({"notes": null}), "/notes"),
        (json!({"notes": ["A"]}), "/notes"),
        (json!({"notes": {}}), "/notes"),
        (json!({"recurrence": 5}), "/recurrence"),
        (json!({"recurrence": null}), "/recurrence"),
        (json!({"recurrence": {}}), "/recurrence"),
        (json!({"start": "2020-12-30T15:00:00.000Z"}), "/start"),
        (json!({"start": null}), "/start"),
        (json!({"start": 5}), "/start"),
        (json!({"start": []}), "/start"),
        (json!({"start": {}}), "/start"),
        (json!({"start": {"timeZone": "Europe/London"}}), "/start"),
        (json!({"start": {"timestamp": "15:00"}}), "/start/timestamp"),
        (
            json!({"start": {"timestamp": "2020-12-30"}}),
            "/start/timestamp",
        ),
        (
            json!({"start": {"timestamp": 1_609_340_400}}),
            "/start/timestamp",
        ),
        (json!({"start": {"timestamp": null}}), "/start/timestamp"),
        (
            json!({"end": {"timestamp": "2020-12-32T15:00:00Z"}}),
            "/end/timestamp",
        ),
        (json!({"end": {}}), "/end"),
        (json!({"end": "later"}), "/end"),
        (
            json!({"start": {"localDateTime": "2020-12-30T15:00"}}),
            "/start/localDateTime",
        ),
        (local(json!({"year": "2020"})), "/start/localDateTime/year"),
        (
            local(json!({"monthOfYear": 0})),
            "/start/localDateTime/monthOfYear",
        ),
        (
            local(json!({"monthOfYear": 13})),
            "/start/localDateTime/monthOfYear",
        ),
        (
            local(json!({"dayOfMonth": 0})),
            "/start/localDateTime/dayOfMonth",
        ),
        (
            local(json!({"dayOfMonth": 32})),
            "/start/localDateTime/dayOfMonth",
        ),
        (
            local(json!({"hourOfDay": -1})),
            "/start/localDateTime/hourOfDay",
        ),
        (
            local(json!({"hourOfDay": 24})),
            "/start/localDateTime/hourOfDay",
        ),
        (
            local(json!({"hourOfDay": 1.5})),
            "/start/localDateTime/hourOfDay",
        ),
        (
            local(json!({"minutesOfHour": 60})),
            "/start/localDateTime/minutesOfHour",
        ),
        (
            local(json!({"minutesOfHour": null})),
            "/start/localDateTime/minutesOfHour",
        ),
    ];
    let mock = bookings();
    let before = state(&mock);
    for id in [SINGLE, FIRST] {
        assert_eq!(
            misjudged(&wrong, |body| update(&mock, id, body)),
            NONE,
            "{id}"
        );
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn a_local_date_that_no_calendar_has_or_a_zone_that_is_none_is_422() {
    let mock = bookings();
    let mut no_day = at("2021-02-28 10:00");
    no_day["localDateTime"]["dayOfMonth"] = json!(30);
    no_day["timestamp"].take();
    no_day
        .as_object_mut()
        .expect("an object")
        .remove("timestamp");
    let mut no_zone = no_day.clone();
    no_zone["localDateTime"]["dayOfMonth"] = json!(28);
    no_zone["timeZone"] = json!("Mars/Olympus");
    for time in [no_day, no_zone] {
        for id in [SINGLE, RECURRING, FIRST] {
            for name in ["start", "end"] {
                let answer = update(&mock, id, json!({ name: time }));
                let places = answer.problem(422).places();
                assert!(
                    places
                        .iter()
                        .any(|place| place.starts_with(&format!("/{name}")))
                );
            }
        }
    }
}

#[test]
fn an_end_that_is_not_after_the_start_is_422() {
    let mock = bookings();
    let before = state(&mock);
    let stamp = |time: &str| json!({"timestamp": format!("2020-12-30T{time}:00.000Z")});
    for body in [
        json!({"start": stamp("16:00")}),
        json!({"start": stamp("16:01")}),
        json!({"end": stamp("15:00")}),
        json!({"end": stamp("14:59")}),
        json!({"start": stamp("12:00"), "end": stamp("12:00")}),
        json!({"start": stamp("12:01"), "end": stamp("12:00")}),
        json!({"end": {"timestamp": "2020-12-30T16:30:00+02:00"}}),
        json!({"start": {"timestamp": "2020-12-30T14:30:00-02:00"}}),
    ] {
        let answer = update(&mock, SINGLE, body.clone());
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        assert!(!answer.problem(422).pointers().is_empty());
    }
    for (start, end) in [
        ("11:00", ""),
        ("11:30", ""),
        ("", "10:00"),
        ("", "09:00"),
        ("12:00", "12:00"),
    ] {
        update(&mock, RECURRING, times(start, end)).problem(422);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn offsets_count_when_the_end_is_compared_with_the_start() {
    let body = json!({
        "start": {"timestamp": "2020-12-30T12:00:00+02:00"},
        "end": {"timestamp": "2020-12-30T11:00:00.000Z"}
    });
    update(&bookings(), SINGLE, body.clone())
        .is(200)
        .reads(&changed(body));
}

#[test]
fn a_recurrence_must_be_a_weekly_rule_of_one_day() {
    let mock = bookings();
    let before = state(&mock);
    let rules = [
        "",
        " ",
        "weekly",
        "WEEKLY",
        "FREQ",
        "FREQ=",
        "FREQ=WEEKLY",
        "BYDAY=MO",
        "INTERVAL=2;BYDAY=MO",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=YEARLY;BYDAY=MO",
        "FREQ=FORTNIGHTLY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=MO,TU",
        "FREQ=WEEKLY;BYDAY=MO,MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=-1SU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=MONDAY",
        "FREQ=WEEKLY;BYDAY=1",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=-1",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=1.5",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=two",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210131",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210131T000000",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=2021-01-31T00:00:00Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20211301T000000Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210230T000000Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210131T250000Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210131T006000Z",
        "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10",
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1",
        "FREQ=WEEKLY;BYDAY=MO;X=1",
        "FREQ=WEEKLY;FREQ=WEEKLY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=MO;",
        ";FREQ=WEEKLY;BYDAY=MO",
        "FREQ=WEEKLY;;BYDAY=MO",
        "FREQ=WEEKLY,BYDAY=MO",
        "FREQ = WEEKLY; BYDAY = MO",
        "FREQ=WEEKLY;BYDAY=MO\n",
        "DTSTART:20201214T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO\nEXDATE:20201221T100000Z",
    ];
    let wrong = rules.map(|rule| (json!({ "recurrence": rule }), ""));
    assert_eq!(
        misjudged(&wrong, |body| update(&mock, RECURRING, body)),
        NONE
    );
    assert_eq!(state(&mock), before);
}

#[test]
fn a_recurrence_may_have_an_interval_and_an_until_in_utc() {
    for rule in [
        "FREQ=WEEKLY;BYDAY=MO",
        "BYDAY=MO;FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20220107T080000Z",
        "UNTIL=20220107T080000Z;BYDAY=MO;INTERVAL=52;FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=1",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20210131T235959Z",
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=WE",
        "FREQ=WEEKLY;BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=FR",
        "FREQ=WEEKLY;BYDAY=SA",
        "FREQ=WEEKLY;BYDAY=SU",
    ] {
        let mock = bookings();
        let answer = update(&mock, RECURRING, json!({"recurrence": rule}));
        assert_eq!(answer.status, 200, "{rule}: {}", answer.text);
        assert_eq!(answer.json()["recurrence"], rule);
    }
}

#[test]
fn a_new_recurrence_is_the_instance_of_recurrence_of_the_future_instances() {
    let mock = bookings();
    let rule = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;UNTIL=20210228T000000Z";
    updated(&mock, RECURRING, json!({"recurrence": rule}));
    for (id, expected) in [(PAST, RULE), (FIRST, rule), (SECOND, rule), (THIRD, rule)] {
        let session = stored(&mock, id);
        assert_eq!(session["instanceOfRecurrence"], expected, "{id}");
        assert!(session["recurrence"].as_str().unwrap_or("").is_empty());
    }
}

#[test]
fn notes_on_a_recurring_session_are_422() {
    let mock = bookings();
    let before = state(&mock);
    for notes in ["A note", ""] {
        update(&mock, RECURRING, json!({"notes": notes})).invalid_at(&["/notes"]);
    }
    let body = json!({"notes": "A", "status": "CANCELLED"});
    update(&mock, RECURRING, body).invalid_at(&["/notes"]);
    assert_eq!(state(&mock), before);
}

#[test]
fn a_session_that_becomes_recurring_has_no_notes() {
    let mock = bookings();
    let recurring = json!({
        "recurrence": "FREQ=WEEKLY;BYDAY=WE",
        "start": at("2020-12-30 15:00"),
        "end": at("2020-12-30 16:00")
    });
    let mut noted = recurring.clone();
    noted["notes"] = json!("A note");
    update(&mock, SINGLE, noted).invalid_at(&["/notes"]);
    updated(&mock, SINGLE, recurring);
    update(&mock, SINGLE, json!({"notes": "A note"})).invalid_at(&["/notes"]);
}

#[test]
fn a_session_with_stored_notes_cannot_become_recurring() {
    let mock = bookings();
    updated(&mock, SINGLE, json!({"notes": "A note"}));
    let answer = update(
        &mock,
        SINGLE,
        json!({
            "recurrence": "FREQ=WEEKLY;BYDAY=WE",
            "start": at("2020-12-30 15:00"),
            "end": at("2020-12-30 16:00")
        }),
    );
    answer.problem(422);
}

#[test]
fn a_session_without_local_times_cannot_become_recurring() {
    let mock = bookings();
    let before = state(&mock);
    update(&mock, SINGLE, json!({"recurrence": "FREQ=WEEKLY;BYDAY=WE"})).problem(422);
    assert_eq!(state(&mock), before);
}

#[test]
fn a_time_without_its_local_form_on_a_recurring_session_is_422() {
    let mock = bookings();
    let before = state(&mock);
    let stamp = |time: &str| json!({"timestamp": format!("2020-12-14T{time}:00.000Z")});
    for (body, names) in [
        (json!({"start": stamp("10:30")}), vec!["/start"]),
        (json!({"end": stamp("11:30")}), vec!["/end"]),
        (
            json!({"start": stamp("10:30"), "end": stamp("11:30")}),
            vec!["/end", "/start"],
        ),
        (
            json!({"start": {"timestamp": "2020-12-14T10:30:00Z", "timeZone": "Europe/London"}}),
            vec!["/start"],
        ),
    ] {
        let places = update(&mock, RECURRING, body.clone()).problem(422).places();
        assert_eq!(places.len(), names.len(), "{body}: {places:?}");
        for (place, name) in places.iter().zip(names) {
            assert!(place.starts_with(name), "{body}: {places:?}");
        }
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn all_violations_are_told_at_once() {
    let body = json!({
        "tags": [5], "notes": 5, "status": "NO", "type": "NO", "recurrence": 5,
        "start": {"timestamp": "x"}, "end": {}
    });
    let target = format!("{}?suppressAuth=maybe", path(SINGLE));
    let mock = bookings();
    let asking = mock.patch(&target).bearer(&["bookings.admin"]);
    let answer = asking.json(body).send().invalid_at(&[
        "/tags/0",
        "/notes",
        "/status",
        "/type",
        "/recurrence",
        "/start/timestamp",
        "/end",
    ]);
    assert_eq!(answer.parameters(), ["suppressAuth"]);
}

#[test]
fn all_violations_of_the_rules_are_told_at_once() {
    let body = json!({
        "recurrence": "FREQ=DAILY", "notes": "A",
        "start": {"timestamp": "2020-12-14T12:00:00Z"}
    });
    let places = update(&bookings(), RECURRING, body).problem(422).places();
    for name in ["/recurrence", "/notes", "/start"] {
        assert!(
            places.iter().any(|place| place.starts_with(name)),
            "{places:?}"
        );
    }
}

#[test]
fn violations_of_the_schema_and_of_the_rules_are_told_together() {
    let body = json!({"status": "NO", "notes": "A note"});
    update(&bookings(), RECURRING, body).invalid_at(&["/notes", "/status"]);
}

#[test]
fn the_other_properties_of_a_recurring_session_always_reach_its_future_instances() {
    let mock = bookings();
    let past = read(&mock, PAST);
    let single = read(&mock, SINGLE);
    change(&mock, "13:00", "15:00");
    updated(
        &mock,
        SECOND,
        json!({"tags": ["OWN"], "end": at("2020-12-28 12:00")}),
    );
    let changes = json!({"tags": ["A", "B"], "status": "CANCELLED", "type": "WORKING_HOURS"});
    updated(&mock, RECURRING, changes.clone());
    for id in [RECURRING, FIRST, SECOND, THIRD] {
        let session = stored(&mock, id);
        for (name, value) in changes.as_object().expect("an object") {
            assert_eq!(&session[name], value, "{name} of {id}");
        }
    }
    is_at(&mock, FIRST, "13:00", "15:00");
    is_at(&mock, SECOND, "10:00", "12:00");
    is_at(&mock, THIRD, "10:00", "11:00");
    for (id, before) in [(PAST, past), (SINGLE, single)] {
        let after = read(&mock, id);
        assert_eq!(
            (before.header("etag"), &before.text),
            (after.header("etag"), &after.text)
        );
    }
}

#[test]
fn only_the_properties_that_were_given_reach_the_instances() {
    let mock = bookings();
    updated(
        &mock,
        FIRST,
        json!({"tags": ["OWN"], "type": "WORKING_HOURS"}),
    );
    updated(&mock, RECURRING, json!({"status": "CANCELLED"}));
    let session = stored(&mock, FIRST);
    assert_eq!(session["tags"], json!(["OWN"]));
    assert_eq!(session["type"], "WORKING_HOURS");
    assert_eq!(session["status"], "CANCELLED");
}

#[test]
fn notes_of_an_instance_are_its_own() {
    let mock = bookings();
    updated(&mock, FIRST, json!({"notes": "Bring a mat"}));
    updated(&mock, RECURRING, json!({"status": "CANCELLED"}));
    assert_eq!(stored(&mock, FIRST)["notes"], "Bring a mat");
    assert!(stored(&mock, SECOND).get("notes").is_none());
}

#[test]
fn an_update_of_an_instance_reaches_nothing_else() {
    let mock = bookings();
    let before = state(&mock);
    updated(
        &mock,
        FIRST,
        json!({
            "tags": ["X"], "status": "CANCELLED", "notes": "A",
            "start": at("2020-12-21 12:00"), "end": at("2020-12-21 13:00")
        }),
    );
    let after = state(&mock);
    for (place, id) in ALL.iter().enumerate() {
        assert_eq!(before[place] == after[place], *id != FIRST, "{id}");
    }
}

#[test]
fn a_new_start_and_end_reach_the_future_instances_alone_each_on_its_day() {
    story(&[('r', "14:30", "15:45", "14:30", "15:45")]);
}

#[test]
fn a_new_start_or_end_alone_reaches_the_future_instances() {
    story(&[('r', "10:30", "", "10:30", "11:00")]);
    story(&[('r', "", "12:15", "10:00", "12:15")]);
    story(&[
        ('r', "", "12:00", "10:00", "12:00"),
        ('r', "11:00", "", "11:00", "12:00"),
        ('r', "08:00", "09:00", "08:00", "09:00"),
    ]);
}

#[test]
fn an_instance_with_its_own_start_is_reached_by_no_start_or_end() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "15:00", "16:00", "13:00", "14:00"),
        ('r', "12:00", "", "13:00", "14:00"),
        ('r', "", "13:30", "13:00", "14:00"),
    ]);
}

#[test]
fn an_instance_whose_start_alone_was_changed_is_reached_by_no_start_or_end() {
    story(&[
        ('i', "10:30", "", "10:30", "11:00"),
        ('r', "15:00", "16:00", "10:30", "11:00"),
        ('r', "", "17:00", "10:30", "11:00"),
    ]);
}

#[test]
fn an_instance_whose_start_and_end_were_changed_is_reached_by_no_start_or_end() {
    story(&[
        ('i', "13:00", "15:00", "13:00", "15:00"),
        ('r', "10:30", "", "13:00", "15:00"),
        ('r', "", "17:00", "13:00", "15:00"),
        ('r', "08:00", "09:00", "13:00", "15:00"),
    ]);
    story(&[
        ('i', "", "12:00", "10:00", "12:00"),
        ('i', "10:45", "", "10:45", "12:00"),
        ('r', "08:00", "09:00", "10:45", "12:00"),
    ]);
    story(&[
        ('i', "10:45", "", "10:45", "11:00"),
        ('i', "", "12:00", "10:45", "12:00"),
        ('r', "08:00", "09:00", "10:45", "12:00"),
    ]);
}

#[test]
fn an_instance_whose_end_alone_was_changed_takes_the_new_start_and_keeps_its_duration() {
    story(&[
        ('i', "", "12:00", "10:00", "12:00"),
        ('r', "10:30", "", "10:30", "12:30"),
        ('r', "14:00", "15:00", "14:00", "16:00"),
        ('r', "09:00", "", "09:00", "11:00"),
    ]);
    story(&[
        ('i', "", "10:20", "10:00", "10:20"),
        ('r', "14:00", "15:00", "14:00", "14:20"),
    ]);
}

#[test]
fn an_instance_whose_end_alone_was_changed_does_not_take_a_new_end() {
    story(&[
        ('i', "", "12:00", "10:00", "12:00"),
        ('r', "", "11:30", "10:00", "12:00"),
        ('r', "", "13:00", "10:00", "12:00"),
        ('r', "11:00", "", "11:00", "13:00"),
    ]);
}

#[test]
fn an_end_given_with_the_unchanged_start_is_an_own_end_alone() {
    story(&[
        ('i', "10:00", "12:00", "10:00", "12:00"),
        ('r', "11:00", "12:00", "11:00", "13:00"),
        ('r', "", "14:00", "11:00", "13:00"),
    ]);
}

#[test]
fn an_instance_set_back_to_the_recurring_start_follows_again() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "12:00", "12:30", "13:00", "14:00"),
        ('i', "12:00", "12:30", "12:00", "12:30"),
        ('r', "15:00", "16:00", "15:00", "16:00"),
        ('r', "", "17:00", "15:00", "17:00"),
        ('r', "14:00", "", "14:00", "17:00"),
    ]);
}

#[test]
fn a_start_alone_set_back_follows_again_in_start_and_end() {
    story(&[
        ('i', "10:30", "", "10:30", "11:00"),
        ('i', "10:00", "", "10:00", "11:00"),
        ('r', "", "12:00", "10:00", "12:00"),
        ('r', "08:00", "09:00", "08:00", "09:00"),
    ]);
    story(&[
        ('i', "13:00", "15:00", "13:00", "15:00"),
        ('i', "10:00", "", "10:00", "15:00"),
        ('r', "", "12:00", "10:00", "12:00"),
        ('r', "08:00", "09:00", "08:00", "09:00"),
    ]);
    story(&[
        ('i', "13:00", "15:00", "13:00", "15:00"),
        ('i', "10:00", "", "10:00", "15:00"),
        ('r', "08:00", "09:00", "08:00", "09:00"),
    ]);
}

#[test]
fn an_instance_set_back_with_an_end_of_its_own_follows_in_both_again() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "", "12:00", "13:00", "14:00"),
        ('i', "10:00", "11:00", "10:00", "11:00"),
        ('r', "", "11:30", "10:00", "11:30"),
    ]);
}

#[test]
fn a_timestamp_that_contradicts_the_local_time_is_422() {
    let mock = bookings();
    let before = state(&mock);
    let mut start = at("2020-12-14 10:30");
    start["timestamp"] = json!("2020-12-14T10:00:00.000Z");
    let answer = update(&mock, RECURRING, json!({"start": start.clone()}));
    assert_eq!(answer.problem(422).places(), ["/start/timestamp"]);
    start["timestamp"] = json!("2020-12-14T11:30:00+01:00");
    assert_eq!(state(&mock), before);
    update(&mock, RECURRING, json!({"start": start})).is(200);
}

#[test]
fn the_old_recurring_start_is_no_longer_the_one_to_be_set_back_to() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "15:00", "16:00", "13:00", "14:00"),
        ('i', "10:00", "11:00", "10:00", "11:00"),
        ('r', "17:00", "18:00", "10:00", "11:00"),
        ('i', "17:00", "18:00", "17:00", "18:00"),
        ('r', "09:00", "10:00", "09:00", "10:00"),
    ]);
}

#[test]
fn an_instance_can_leave_and_follow_again_many_times() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('i', "10:00", "11:00", "10:00", "11:00"),
        ('r', "09:00", "10:00", "09:00", "10:00"),
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "08:00", "09:00", "13:00", "14:00"),
        ('i', "08:00", "09:00", "08:00", "09:00"),
        ('r', "07:00", "08:00", "07:00", "08:00"),
    ]);
}

#[test]
fn an_own_start_that_a_later_recurrence_coincides_with_stays_its_own() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "13:00", "14:00", "13:00", "14:00"),
        ('r', "15:00", "16:00", "13:00", "14:00"),
    ]);
}

#[test]
fn an_own_start_set_to_what_the_recurrence_has_become_follows_again() {
    story(&[
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "13:00", "14:00", "13:00", "14:00"),
        ('i', "13:00", "14:00", "13:00", "14:00"),
        ('r', "15:00", "16:00", "15:00", "16:00"),
    ]);
}

#[test]
fn an_own_duration_that_a_later_recurrence_coincides_with_stays_its_own() {
    story(&[
        ('i', "", "12:00", "10:00", "12:00"),
        ('r', "", "12:00", "10:00", "12:00"),
        ('r', "", "13:00", "10:00", "12:00"),
        ('r', "14:00", "15:00", "14:00", "16:00"),
    ]);
}

#[test]
fn an_end_set_back_to_the_recurring_end_follows_again() {
    story(&[
        ('i', "", "12:00", "10:00", "12:00"),
        ('i', "", "11:00", "10:00", "11:00"),
        ('r', "", "11:30", "10:00", "11:30"),
        ('r', "09:00", "10:00", "09:00", "10:00"),
    ]);
}

#[test]
fn an_instance_updated_with_the_times_it_has_goes_on_following() {
    story(&[
        ('i', "10:00", "11:00", "10:00", "11:00"),
        ('r', "12:00", "13:00", "12:00", "13:00"),
        ('i', "12:00", "", "12:00", "13:00"),
        ('r', "14:00", "16:00", "14:00", "16:00"),
        ('i', "", "16:00", "14:00", "16:00"),
        ('r', "09:00", "10:00", "09:00", "10:00"),
    ]);
}

#[test]
fn an_instance_whose_other_properties_were_changed_goes_on_following() {
    let mock = bookings();
    updated(
        &mock,
        FIRST,
        json!({"tags": ["OWN"], "notes": "A", "type": "WORKING_HOURS"}),
    );
    recur(&mock, "14:00", "15:00");
    is_at(&mock, FIRST, "14:00", "15:00");
}

#[test]
fn an_exception_outlives_updates_of_its_other_properties() {
    let mock = bookings();
    change(&mock, "13:00", "14:00");
    updated(&mock, FIRST, json!({"tags": ["OWN"]}));
    updated(&mock, RECURRING, json!({"tags": ["ALL"]}));
    recur(&mock, "15:00", "16:00");
    is_at(&mock, FIRST, "13:00", "14:00");
    assert_eq!(stored(&mock, FIRST)["tags"], json!(["ALL"]));
}

#[test]
fn each_instance_has_exceptions_of_its_own() {
    let mock = bookings();
    change(&mock, "13:00", "14:00");
    updated(&mock, SECOND, json!({"end": at("2020-12-28 12:00")}));
    recur(&mock, "15:00", "15:30");
    is_at(&mock, FIRST, "13:00", "14:00");
    is_at(&mock, SECOND, "15:00", "17:00");
    is_at(&mock, THIRD, "15:00", "15:30");
    updated(&mock, THIRD, times("2021-01-04 09:00", "2021-01-04 09:30"));
    updated(&mock, FIRST, times("2020-12-21 15:00", "2020-12-21 15:30"));
    recur(&mock, "16:00", "17:00");
    is_at(&mock, FIRST, "16:00", "17:00");
    is_at(&mock, SECOND, "16:00", "18:00");
    is_at(&mock, THIRD, "09:00", "09:30");
}

#[test]
fn an_exception_may_be_told_as_a_timestamp_or_as_a_local_time() {
    let stamp = |time: &str| json!({"timestamp": format!("2020-12-21T{time}:00.000Z")});
    let local = |hour: u32| {
        json!({"localDateTime": {
            "year": 2020, "monthOfYear": 12, "dayOfMonth": 21, "hourOfDay": hour, "minutesOfHour": 0
        }})
    };
    for (own, back) in [
        (
            json!({"start": stamp("13:00"), "end": stamp("14:00")}),
            json!({"start": stamp("15:00"), "end": stamp("16:00")}),
        ),
        (
            json!({"start": local(13), "end": local(14)}),
            json!({"start": local(15), "end": local(16)}),
        ),
    ] {
        let mock = bookings();
        updated(&mock, FIRST, own);
        recur(&mock, "15:00", "16:00");
        let session = stored(&mock, FIRST);
        assert_eq!(session["start"]["timestamp"], "2020-12-21T13:00:00.000Z");
        assert_eq!(session["end"]["timestamp"], "2020-12-21T14:00:00.000Z");
        updated(&mock, FIRST, back);
        recur(&mock, "09:00", "09:30");
        is_at(&mock, FIRST, "09:00", "09:30");
    }
}

#[test]
fn times_over_midnight_end_on_the_day_after_each_instance() {
    let mock = bookings();
    let body = times("2020-12-14 23:30", "2020-12-15 00:30");
    updated(&mock, RECURRING, body);
    is_at(&mock, FIRST, "2020-12-21 23:30", "2020-12-22 00:30");
    is_at(&mock, SECOND, "2020-12-28 23:30", "2020-12-29 00:30");
    is_at(&mock, THIRD, "2021-01-04 23:30", "2021-01-05 00:30");
    is_at(&mock, PAST, "10:00", "11:00");
}

#[test]
fn an_own_duration_reaches_over_midnight() {
    let mock = bookings();
    change(&mock, "", "15:00");
    recur(&mock, "21:00", "22:00");
    is_at(&mock, FIRST, "2020-12-21 21:00", "2020-12-22 02:00");
    is_at(&mock, SECOND, "21:00", "22:00");
}

#[test]
fn an_instance_moved_to_another_day_stays_there() {
    let mock = bookings();
    updated(&mock, FIRST, times("2020-12-22 10:00", "2020-12-22 11:00"));
    recur(&mock, "14:00", "15:00");
    is_at(&mock, FIRST, "2020-12-22 10:00", "2020-12-22 11:00");
    updated(&mock, FIRST, times("2020-12-21 14:00", "2020-12-21 15:00"));
    recur(&mock, "09:00", "10:00");
    is_at(&mock, FIRST, "09:00", "10:00");
}

#[test]
fn a_recurring_start_in_another_zone_reaches_the_instances_as_that_moment() {
    let mock = bookings();
    let local = |hour: u32| {
        json!({
            "localDateTime": {
                "year": 2020, "monthOfYear": 12, "dayOfMonth": 14,
                "hourOfDay": hour, "minutesOfHour": 0
            },
            "timeZone": "America/New_York"
        })
    };
    updated(
        &mock,
        RECURRING,
        json!({"start": local(10), "end": local(11)}),
    );
    for (id, day) in FUTURE {
        let session = stored(&mock, id);
        assert_eq!(
            session["start"]["timestamp"],
            format!("{day}T15:00:00.000Z")
        );
        assert_eq!(session["end"]["timestamp"], format!("{day}T16:00:00.000Z"));
    }
}

#[test]
fn a_recurring_time_without_a_zone_is_in_the_zone_of_the_business() {
    let mock = bookings();
    let mut body = times("14:00", "15:00");
    for name in ["start", "end"] {
        let time = body[name].as_object_mut().expect("an object");
        time.remove("timeZone");
        time.remove("timestamp");
    }
    let session = updated(&mock, RECURRING, body);
    assert_eq!(session["start"]["timestamp"], "2020-12-14T14:00:00.000Z");
    for (id, day) in FUTURE {
        let session = stored(&mock, id);
        assert_eq!(
            session["start"]["timestamp"],
            format!("{day}T14:00:00.000Z")
        );
        assert_eq!(session["end"]["timestamp"], format!("{day}T15:00:00.000Z"));
        assert_eq!(session["start"]["localDateTime"]["hourOfDay"], 14);
    }
}

#[test]
fn an_instance_that_was_moved_into_the_past_is_reached_no_more() {
    let mock = bookings();
    updated(&mock, FIRST, times("2020-12-19 10:00", "2020-12-19 11:00"));
    let before = read(&mock, FIRST);
    updated(&mock, RECURRING, json!({"status": "CANCELLED"}));
    recur(&mock, "14:00", "15:00");
    let after = read(&mock, FIRST);
    assert_eq!(
        (before.header("etag"), &before.text),
        (after.header("etag"), &after.text)
    );
}

#[test]
fn times_and_other_properties_reach_the_instances_in_one_update() {
    let mock = bookings();
    change(&mock, "13:00", "14:00");
    let mut body = times("15:00", "16:00");
    body["tags"] = json!(["NEW"]);
    body["status"] = json!("CANCELLED");
    updated(&mock, RECURRING, body);
    is_at(&mock, FIRST, "13:00", "14:00");
    is_at(&mock, SECOND, "15:00", "16:00");
    for (id, _) in FUTURE {
        assert_eq!(stored(&mock, id)["tags"], json!(["NEW"]));
        assert_eq!(stored(&mock, id)["status"], "CANCELLED");
    }
}

#[test]
fn a_refused_update_of_the_recurring_session_reaches_no_instance() {
    let mock = bookings();
    change(&mock, "", "12:00");
    let before = state(&mock);
    for (body, status) in [
        (json!({"tags": ["X"], "notes": "A"}), 422),
        (
            json!({"tags": ["X"], "recurrence": "FREQ=DAILY;BYDAY=MO"}),
            422,
        ),
        (
            json!({"tags": ["X"], "start": {"timestamp": "2020-12-14T09:00:00Z"}}),
            422,
        ),
        (
            json!({"status": "CANCELLED", "start": at("2020-12-14 12:00")}),
            422,
        ),
        (json!({"status": "CANCELLED", "type": "NO"}), 422),
    ] {
        update(&mock, RECURRING, body).problem(status);
    }
    let asking = mock.patch(&path(RECURRING)).bearer(&["bookings.admin"]);
    let asking = asking.header("if-match", "\"stale\"");
    asking.json(times("14:00", "15:00")).send().problem(412);
    assert_eq!(state(&mock), before);
}

#[test]
fn a_cascade_makes_new_etags_of_the_instances_it_reaches() {
    let mock = bookings();
    let before = state(&mock);
    recur(&mock, "14:00", "15:00");
    let after = state(&mock);
    for (place, id) in ALL.iter().enumerate() {
        let reached = ![SINGLE, PAST].contains(id);
        assert_eq!(before[place].0 != after[place].0, reached, "{id}");
    }
    let asking = mock.patch(&path(FIRST)).bearer(&["bookings.admin"]);
    let asking = asking.header("if-match", &before[3].0);
    asking.json(json!({"notes": "Lost"})).send().problem(412);
}

#[test]
fn a_reader_never_sees_a_part_of_a_cascade() {
    let mock = bookings();
    let seen = at_once(32, |number| {
        if number % 2 == 0 {
            updated(&mock, RECURRING, json!({"tags": [number.to_string()]}));
        }
        let asking = mock.get("/v1/sessions?recurringSessionId=rec-mon-10");
        let list = asking.bearer(&[]).send().is(200).json();
        let sessions = list["sessions"].as_array().expect("an array").clone();
        let tags: Vec<Value> = sessions[1..]
            .iter()
            .map(|one| one["tags"].clone())
            .collect();
        tags
    });
    for tags in seen {
        assert!(tags.iter().all(|each| *each == tags[0]), "{tags:?}");
    }
}

#[test]
fn what_counterpart_keeps_for_itself_is_never_sent() {
    let mock = bookings();
    change(&mock, "13:00", "15:00");
    updated(&mock, SECOND, json!({"end": at("2020-12-28 12:00")}));
    recur(&mock, "14:00", "14:30");
    let documented = [
        "_id",
        "scheduleId",
        "scheduleOwnerId",
        "tags",
        "notes",
        "status",
        "recurringSessionId",
        "type",
        "recurrence",
        "instanceOfRecurrence",
        "start",
        "end",
    ];
    let list = mock.get("/v1/sessions").bearer(&[]).send().is(200).json();
    for session in list["sessions"].as_array().expect("an array") {
        for name in session.as_object().expect("an object").keys() {
            assert!(documented.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn the_permission_is_read_from_each_claim_as_an_array_and_as_a_string() {
    let mock = bookings();
    for claims in [
        json!({"permissions": ["bookings.admin"]}),
        json!({"permissions": "x bookings.admin"}),
        json!({"scope": "bookings.admin"}),
        json!({"scope": ["x", "bookings.admin"]}),
        json!({"scp": ["bookings.admin"]}),
        json!({"scp": "bookings.admin x"}),
    ] {
        let asking = mock.patch(&path(SINGLE)).claims(claims.clone());
        let answer = asking.json(json!({"notes": "A"})).send();
        assert_eq!(answer.status, 200, "{claims}: {}", answer.text);
    }
}

#[test]
fn without_the_permission_it_is_403_unless_suppress_auth_is_true() {
    let mock = bookings();
    let before = state(&mock);
    for query in [
        "",
        "?suppressAuth=false",
        "?participantNotification[message]=suppressAuth",
    ] {
        for claims in [
            json!({}),
            json!({"scope": "bookings admin"}),
            json!({"scp": ["bookings.read"]}),
        ] {
            let asking = mock
                .patch(&format!("{}{query}", path(SINGLE)))
                .claims(claims);
            asking.json(json!({"notes": "A"})).send().problem(403);
        }
    }
    assert_eq!(state(&mock), before);
    let asking = mock.patch(&format!("{}?suppressAuth=true", path(SINGLE)));
    asking
        .claims(json!({}))
        .json(json!({"notes": "A"}))
        .send()
        .is(200);
    let asking = mock.patch(&format!("{}?suppressAuth=false", path(SINGLE)));
    asking
        .bearer(&["bookings.admin"])
        .json(json!({"notes": "A"}))
        .send()
        .is(200);
}

#[test]
fn a_wrong_suppress_auth_does_not_override_the_permission() {
    let mock = bookings();
    for value in [
        "maybe",
        "1",
        "TRUE",
        "True",
        "yes",
        "",
        "true%20",
        "truefalse",
    ] {
        let target = format!("{}?suppressAuth={value}", path(SINGLE));
        let asking = mock.patch(&target).bearer(&[]);
        asking.json(json!({"notes": "A"})).send().problem(403);
        let asking = mock.patch(&target).bearer(&["bookings.admin"]);
        let answer = asking.json(json!({"notes": "A"})).send();
        assert_eq!(answer.status, 422, "{value:?}");
        assert_eq!(answer.parameters(), ["suppressAuth"]);
    }
    read(&mock, SINGLE).reads(&single());
}

#[test]
fn no_token_or_an_expired_one_is_401_even_with_suppress_auth() {
    let mock = bookings();
    let before = state(&mock);
    for query in ["", "?suppressAuth=true"] {
        let target = format!("{}{query}", path(SINGLE));
        let asking = || mock.patch(&target).json(json!({"notes": "A"}));
        let expired = json!({"scope": "bookings.admin", "exp": 1_608_454_800});
        for answer in [
            asking().send(),
            asking().claims(expired).send(),
            asking().header("authorization", "Bearer nothing").send(),
            asking().header("authorization", "Basic e30.e30.e30").send(),
        ] {
            let answer = answer.problem(401);
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
    mock.get(&path(SINGLE)).send().problem(401);
    mock.get("/v1/sessions").send().problem(401);
    assert_eq!(state(&mock), before);
}

#[test]
fn participant_notification_is_a_deep_object() {
    let mock = bookings();
    for (query, status) in [
        ("participantNotification[notifyParticipants]=true", 200),
        (
            "participantNotification[notifyParticipants]=false&participantNotification[message]=",
            200,
        ),
        ("participantNotification%5BnotifyParticipants%5D=true", 200),
        (
            "participantNotification[message]=The%20session%20%26%20more&suppressAuth=true",
            200,
        ),
        ("participantNotification[message]=5", 200),
        ("participantNotification[notifyParticipants]=maybe", 422),
        ("participantNotification[notifyParticipants]=", 422),
        (
            "participantNotification[notifyParticipants]=1&suppressAuth=true",
            422,
        ),
    ] {
        let asking = mock.patch(&format!("{}?{query}", path(SINGLE)));
        let answer = asking
            .bearer(&["bookings.admin"])
            .json(json!({"notes": "A"}))
            .send();
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        if status == 422 {
            let parameters = answer.parameters();
            assert_eq!(parameters.len(), 1, "{}", answer.text);
            assert!(parameters[0].starts_with("participantNotification"));
        }
    }
}

#[test]
fn an_unknown_session_is_404() {
    let mock = bookings();
    for id in [
        "rec-mon-11",
        "rec-mon-10_20201222",
        "x",
        "%20",
        "2mmoW0vwK",
        "REC-MON-10",
    ] {
        mock.get(&path(id)).bearer(&[]).send().problem(404);
        update(&mock, id, json!({"notes": "A"})).problem(404);
    }
}

#[test]
fn an_id_is_the_same_when_it_is_percent_encoded() {
    let mock = bookings();
    let session = updated(&mock, "rec%2Dmon%2d10%5F20201221", json!({"notes": "A"}));
    assert_eq!(session["_id"], FIRST);
}

#[test]
fn a_body_that_is_missing_or_no_json_is_400_and_no_object_is_422() {
    let mock = bookings();
    let before = state(&mock);
    let asking = || mock.patch(&path(SINGLE)).bearer(&["bookings.admin"]);
    asking().send().problem(400);
    for body in ["", "{", "{\"notes\":}", "notes", "{\"notes\":\"A\"},"] {
        asking().body("application/json", body).send().problem(400);
    }
    for body in [json!([]), json!("A"), json!(5), json!(true), json!(null)] {
        asking().json(body).send().invalid_at(&[""]);
    }
    asking().body("text/plain", "{}").send().problem(415);
    assert_eq!(state(&mock), before);
}

#[test]
fn a_stale_if_match_is_412_and_changes_nothing() {
    let mock = bookings();
    let stale = read(&mock, SINGLE).header("etag").to_owned();
    updated(&mock, SINGLE, json!({"notes": "First"}));
    let before = state(&mock);
    let asking = |condition: &str| {
        let asking = mock.patch(&path(SINGLE)).bearer(&["bookings.admin"]);
        asking
            .header("if-match", condition)
            .json(json!({"notes": "B"}))
            .send()
    };
    let current = before[0].0.clone();
    for condition in [stale, format!("W/{current}"), "\"x\"".to_owned()] {
        asking(&condition).problem(412);
    }
    assert_eq!(state(&mock), before);
    asking("*").is(200);
    asking(&current).problem(412);
}

#[test]
fn a_read_with_the_current_etag_is_304() {
    let mock = bookings();
    for target in [path(FIRST), "/v1/sessions".to_owned()] {
        let read = || mock.get(&target).bearer(&[]);
        let tag = read().send().is(200).header("etag").to_owned();
        let answer = read().header("if-none-match", &tag).send().is(304);
        assert_eq!(
            (answer.text.as_str(), answer.header("etag")),
            ("", tag.as_str())
        );
        updated(&mock, RECURRING, json!({"tags": [target]}));
        read().header("if-none-match", &tag).send().is(200);
    }
}

#[test]
fn of_64_concurrent_updates_with_one_if_match_exactly_one_succeeds() {
    let mock = bookings();
    let tag = read(&mock, RECURRING).header("etag").to_owned();
    let answers = at_once(64, |number| {
        let asking = mock.patch(&path(RECURRING)).bearer(&["bookings.admin"]);
        let asking = asking.header("if-match", &tag);
        let tags = json!([number.to_string()]);
        let status = asking.json(json!({ "tags": tags })).send().status;
        (tags, status)
    });
    let won: Vec<_> = answers.iter().filter(|answer| answer.1 == 200).collect();
    assert_eq!(won.len(), 1);
    for id in [RECURRING, FIRST, SECOND, THIRD] {
        assert_eq!(stored(&mock, id)["tags"], won[0].0);
    }
}

#[test]
fn prefer_code_gives_each_documented_reply_and_changes_nothing() {
    let mock = bookings();
    let before = state(&mock);
    for code in [200, 400, 401, 403, 404, 412, 415, 422] {
        let asking = mock.patch(&path(RECURRING)).bearer(&["bookings.admin"]);
        let asking = asking.header("prefer", &format!("code={code}"));
        asking.json(json!({"tags": ["NEVER"]})).send().is(code);
    }
    assert_eq!(state(&mock), before);
}

#[test]
fn no_value_of_any_property_makes_the_mock_fail() {
    let mock = bookings();
    let mut right = times("10:00", "11:00");
    right["tags"] = json!(["A"]);
    right["status"] = json!("CONFIRMED");
    right["type"] = json!("EVENT");
    let mut local = right.clone();
    for name in ["start", "end"] {
        local[name]
            .as_object_mut()
            .expect("an object")
            .remove("timestamp");
    }
    let mut recurring = local.clone();
    recurring["recurrence"] = json!(RULE);
    for (id, right) in [
        (RECURRING, &recurring),
        (FIRST, &right),
        (FIRST, &local),
        (SINGLE, &local),
    ] {
        assert_eq!(
            failures(right, |body| update(&mock, id, body)),
            NONE,
            "{id}"
        );
    }
}

#[test]
fn a_local_time_in_the_year_0_is_answered_by_a_refusal_or_a_session() {
    for year in [0, -1, 10_000, 99_999_999] {
        let local = |hour: u32| {
            json!({"localDateTime": {
                "year": year, "monthOfYear": 3, "dayOfMonth": 28, "hourOfDay": hour, "minutesOfHour": 0
            }})
        };
        for id in [SINGLE, RECURRING, FIRST] {
            let mock = bookings();
            for body in [
                json!({"start": local(10), "end": local(11)}),
                json!({"start": local(10)}),
                json!({"end": local(11)}),
            ] {
                let answer = update(&mock, id, body.clone());
                assert!(
                    [200, 422].contains(&answer.status),
                    "{id} {body}: {}",
                    answer.text
                );
            }
        }
    }
}

#[test]
fn a_cascade_that_cannot_be_worked_out_changes_nothing() {
    let mock = bookings();
    change(&mock, "", "12:00");
    let before = state(&mock);
    let local = |hour: u32| {
        json!({"localDateTime": {
            "year": 0, "monthOfYear": 3, "dayOfMonth": 28, "hourOfDay": hour, "minutesOfHour": 0
        }})
    };
    let body = json!({"tags": ["X"], "status": "CANCELLED", "start": local(10), "end": local(11)});
    let answer = update(&mock, RECURRING, body);
    if answer.status != 200 {
        assert_eq!(state(&mock), before, "after a {}", answer.status);
    }
}
