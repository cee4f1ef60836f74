use super::ask::{Ask, Senses};
use super::{numbers, places};
use crate::sample::draw::Draw;
use serde_json::Value;

pub(super) const STATUS: &str = "status, state code name, status text, current status, status \
    name, statuses, order status, payment status, current state, stage, phase, lifecycle state, \
    processing status, condition status, subscription status, job status, result status, statut, \
    zustand, estatus, bestellstatus";

/// That, or a region.
pub(super) const STATE: &str = "state, st, estado, stato, etat";

/// Names of how something is and of what sort.
pub(super) const STATES: Senses = &[
    (STATUS, |ask, draw| match ask.is_text() {
        true => {
            let owner = ask.owner("status");
            ask.one_of(status(&owner), draw)
        }
        false => ask.integer(match ask.words.first() {
            "status" => 200,
            _ => 1,
        }),
    }),
    (STATE, |ask, draw| match places::state_is_a_region(ask) {
        true => ask.text(ask.persona.place.region_code),
        false => ask.one_of(status(&ask.owner("state")), draw),
    }),
    (
        "type, kind, object type, event type, sub type, subtype, type name, account type, \
         resource type, entity type, payment type, address type, phone type, customer type, \
         content kind, report type, user type, item type, contact type, company type, typ, \
         tipo",
        |ask, draw| sort(ask, draw),
    ),
    (
        "role, role name, roles, user role, member role, position name, access level",
        |ask, draw| ask.one_of(&["admin", "editor", "viewer", "member"], draw),
    ),
    (
        "priority, severity, importance, urgency, level, risk level, log level, tier",
        |ask, draw| match ask.is_text() {
            true => ask.one_of(&["low", "medium", "high"], draw),
            false => ask.between(1, 5, draw),
        },
    ),
    ("visibility, privacy, access", |ask, draw| {
        ask.one_of(&["public", "private"], draw)
    }),
    ("mode", |ask, _| ask.text("standard")),
    ("environment, env", |ask, draw| {
        ask.one_of(&["production", "staging", "development"], draw)
    }),
    ("payment method, payment method type", |ask, draw| {
        ask.one_of(&["card", "bank_transfer", "cash"], draw)
    }),
    ("card type, funding", |ask, draw| {
        ask.one_of(&["credit", "debit"], draw)
    }),
    (
        "shipping method, delivery method, service level, shipping service",
        |ask, draw| ask.one_of(&["standard", "express", "pickup"], draw),
    ),
    (
        "plan, plan name, subscription plan, plan type, pricing plan",
        |ask, draw| ask.one_of(&["free", "standard", "business"], draw),
    ),
    (
        "channel, source, medium, lead source, traffic source, utm source",
        |ask, draw| match ask.words.all() {
            "source" | "channel" | "medium" | "lead source" => {
                ask.one_of(&["web", "mobile", "email", "phone"], draw)
            }
            _ => ask.one_of(&["newsletter", "search", "referral"], draw),
        },
    ),
    (
        "frequency, recurrence, billing period, billing cycle, billing interval, cadence",
        |ask, draw| match ask.is_text() {
            true => ask.one_of(&["daily", "weekly", "monthly", "yearly"], draw),
            false => ask.between(1, 12, draw),
        },
    ),
    (
        "interval, interval unit, time unit, period, granularity",
        |ask, draw| match ask.is_text() {
            true => ask.one_of(&["day", "week", "month", "year"], draw),
            false => ask.between(1, 60, draw),
        },
    ),
    (
        "sort, order, sort order, sort direction, direction, order by direction",
        |ask, draw| match ask.is_text() {
            true => ask.one_of(&["asc", "desc"], draw),
            false => ask.between(1, 20, draw),
        },
    ),
    ("sort by, order by, sort field, sort column", |ask, _| {
        ask.text("created_at")
    }),
    ("token type, auth scheme", |ask, _| ask.text("Bearer")),
    ("grant type", |ask, _| ask.text("authorization_code")),
    ("scope, scopes, permission, permissions", |ask, draw| {
        ask.one_of(&["read", "write", "admin"], draw)
    }),
    (
        "action, event, activity, operation, activity type, event name key, trigger",
        |ask, draw| ask.one_of(&["created", "updated", "deleted"], draw),
    ),
    (
        "error code, reason code, error type, failure code, result code",
        |ask, _| match ask.is_text() {
            true => ask.text("invalid_request"),
            false => ask.integer(1_001),
        },
    ),
    ("condition", |ask, draw| match ask.is_near(&WEATHER) {
        true => ask.one_of(&SKIES, draw),
        false => ask.one_of(&["new", "used", "refurbished"], draw),
    }),
    (
        "weather, weather condition, weather description",
        |ask, draw| ask.one_of(&SKIES, draw),
    ),
    (
        "wind direction, wind dir, compass direction, cardinal direction",
        |ask, draw| ask.one_of(&["N", "NE", "SE", "SW", "W", "NW"], draw),
    ),
    (
        "ticker, ticker symbol, stock symbol, trading symbol",
        |ask, draw| ask.one_of(&TICKERS, draw),
    ),
    ("symbol", |ask, draw| match ask.is_near(&numbers::TRADED) {
        true => ask.one_of(&TICKERS, draw),
        false => None,
    }),
    ("orientation", |ask, draw| {
        ask.one_of(&["portrait", "landscape"], draw)
    }),
    ("algorithm, signature algorithm", |ask, _| ask.text("RS256")),
    ("hash algorithm", |ask, _| ask.text("sha256")),
    ("license, licence, license name, spdx id", |ask, draw| {
        ask.one_of(&["MIT", "Apache-2.0", "BSD-3-Clause"], draw)
    }),
    ("programming language", |ask, draw| {
        ask.one_of(&PROGRAMMING, draw)
    }),
    ("rel", |ask, _| ask.text("self")),
    ("result, outcome, verdict", |ask, _| ask.text("success")),
    ("theme", |ask, draw| ask.one_of(&["light", "dark"], draw)),
    (
        "attribute name, field name, column name, property name, field, parameter, param, \
         attribute, column, key name, variable name",
        |ask, draw| ask.one_of(&["name", "email", "quantity", "status"], draw),
    ),
    ("date format", |ask, _| ask.text("YYYY-MM-DD")),
    ("time format", |ask, _| ask.text("HH:mm")),
    (
        "quality, size, size name, clothing size",
        |ask, draw| match ask.words.last() {
            "quality" => ask.one_of(&["standard", "high"], draw),
            _ => ask.one_of(&["S", "M", "L", "XL"], draw),
        },
    ),
    ("format, output format, data format", |ask, _| {
        ask.text(
            match ask.is_near(&["video", "movie", "clip", "recording"]) {
                true => "mp4",
                false => "json",
            },
        )
    }),
];

/// Languages that programs are written in.
pub(super) const PROGRAMMING: [&str; 3] = ["Rust", "Python", "Go"];
const TICKERS: [&str; 4] = ["ACME", "NWND", "GLBX", "UMBR"];
const SKIES: [&str; 4] = ["Clear", "Partly cloudy", "Light rain", "Overcast"];
/// What tells of the weather.
const WEATHER: [&str; 8] = [
    "weather",
    "forecast",
    "forecasts",
    "current",
    "hourly",
    "daily",
    "observation",
    "climate",
];

/// How things of a sort may be.
fn status(owner: &str) -> &'static [&'static str] {
    let last = owner.rsplit(' ').next().unwrap_or_default();
    match last {
        "order" | "shipment" | "delivery" | "package" | "parcel" | "fulfillment" => {
            &["processing", "shipped", "delivered"]
        }
        "payment" | "charge" | "transaction" | "refund" | "transfer" | "payout" => {
            &["pending", "succeeded"]
        }
        "invoice" | "bill" => &["draft", "open", "paid"],
        "job" | "task" | "run" | "build" | "pipeline" | "workflow" | "execution" | "import"
        | "export" | "deployment" | "operation" | "batch" | "process" | "check" | "scan" => {
            &["queued", "running", "completed"]
        }
        "issue" | "ticket" | "pull" | "milestone" | "case" | "incident" | "alert" | "bug"
        | "thread" | "request" | "pr" => &["open", "in_progress", "closed"],
        "article" | "post" | "page" | "book" | "video" | "document" | "campaign" | "story" => {
            &["draft", "published"]
        }
        "pet" | "product" | "item" | "room" | "table" | "seat" | "variant" => {
            &["available", "sold"]
        }
        "reservation" | "event" | "visit" | "meeting" | "class" => &["confirmed", "pending"],
        "server" | "instance" | "container" | "node" | "service" | "machine" | "cluster"
        | "host" | "device" | "pod" => &["running", "stopped"],
        "message" | "email" | "sms" | "notification" => &["sent", "delivered"],
        "health" | "component" => &["ok"],
        "invitation" | "invite" | "application" | "approval" | "review" => &["pending", "accepted"],
        _ => &["active", "pending"],
    }
}

/// What sorts there are of what a `type` is of.
fn sort(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    if !ask.is_text() {
        return ask.between(1, 5, draw);
    }
    let owner = ask.owner(ask.words.last());
    let last = owner.rsplit(' ').next().unwrap_or_default();
    let sorts: &[&str] = match last {
        "phone" => &["mobile", "home", "work"],
        "email" | "url" | "website" => &["work", "home"],
        "address" => &["home", "billing", "shipping"],
        "event" => &["created", "updated", "deleted"],
        "payment" => &["card", "bank_transfer"],
        "account" | "customer" | "user" => &["personal", "business"],
        "vehicle" | "car" => &["car", "van"],
        "file" | "document" | "attachment" => &["invoice", "report", "contract"],
        "transaction" => &["payment", "refund"],
        "discount" => &["percentage", "fixed"],
        "pet" | "animal" => &["dog", "cat"],
        _ => &["standard", "basic", "custom"],
    };
    ask.one_of(sorts, draw)
}

/// Whether something is so, where a name asks.
pub(super) fn flag(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    let words = ask.words;
    let asks = matches!(
        words.first(),
        "is" | "has"
            | "can"
            | "should"
            | "are"
            | "was"
            | "allow"
            | "allows"
            | "enable"
            | "use"
            | "show"
            | "include"
            | "requires"
            | "supports"
            | "needs"
            | "accepts"
            | "will"
            | "does"
    );
    let usual = words.iter().rev().find_map(usually);
    match usual {
        Some(Some(usual)) => Some(Value::Bool(usual != words.has(&["not", "non", "no"]))),
        Some(None) => Some(Value::Bool(draw.below(2) == 1)),
        None => asks.then(|| Value::Bool(draw.below(2) == 1)),
    }
}

/// Whether what a word says is usually so, where it says something; within, nothing where that
/// may be or not.
fn usually(word: &str) -> Option<Option<bool>> {
    Some(match word {
        "active" | "enabled" | "available" | "success" | "successful" | "valid" | "visible"
        | "verified" | "confirmed" | "published" | "approved" | "ok" | "healthy" | "public"
        | "supported" | "completed" | "paid" | "open" | "ready" | "online" | "current"
        | "enable" | "accepted" | "succeeded" | "edit" | "view" | "stock" | "passed"
        | "connected" | "running" | "agreed" | "taxable" | "authenticated" | "exists" => Some(true),
        "deleted" | "disabled" | "hidden" | "archived" | "blocked" | "locked" | "suspended"
        | "expired" | "closed" | "banned" | "cancelled" | "canceled" | "muted" | "failed"
        | "draft" | "test" | "admin" | "private" | "error" | "deprecated" | "fork" | "spam"
        | "refunded" | "more" | "truncated" | "removed" | "revoked" | "readonly" | "internal"
        | "required" | "rejected" | "bot" | "anonymous" | "disputed" | "incomplete" | "delete"
        | "force" => Some(false),
        "default" | "primary" | "read" | "featured" | "selected" | "favorite" | "starred"
        | "recurring" | "optional" | "main" | "checked" | "pinned" | "children" | "subscribed"
        | "marketing" | "newsletter" | "vip" | "gift" | "remote" | "billable" | "editable" => None,
        _ => return None,
    })
}
