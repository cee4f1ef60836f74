//! The form on an operation's page that sends its request, while a server shows the pages.

use super::Html;
use super::replies::phrase;
use crate::contract::Contract;
use crate::docs::access::{Credential, SchemeWords};
use crate::docs::bodies::BodyWords;
use crate::docs::code::json;
use crate::docs::describe::Word;
use crate::docs::operation::{OperationWords, ParameterWords};
use crate::mock::key_text;
use crate::spec::{Location, Parameter, StatusKey, Style};
use crate::wire::decode_percent;
use maud::{Markup, html};
use serde_json::Value;

/// How long an example is at most that the form is filled with, in bytes.
const LONGEST: usize = 64 * 1024;

/// The parameters of a form by their places, with the names by which its script knows them.
const PLACES: [(Location, &str, &str); 4] = [
    (Location::Path, "path", "Path"),
    (Location::Query, "query", "Query"),
    (Location::Header, "header", "Header fields"),
    (Location::Cookie, "cookie", "Cookies"),
];

/// The field that a change is made conditional with.
const CONDITION: &str = "If-Match";

impl Html<'_> {
    /// The form that sends an operation's request, filled in so that it can be sent at once.
    pub(super) fn trial(&self, contract: &Contract, words: &OperationWords) -> Option<Markup> {
        self.site.served.as_ref()?;
        let operation = &contract.operations.get(words.number).declared;
        let path = format!("{}{}", contract.prefix, operation.path);
        let known: Vec<(&String, String)> = words
            .call
            .path
            .iter()
            .filter_map(|(name, value)| Some((name, decode_percent(value).ok()?)))
            .collect();
        let declared = &operation.parameters;
        // Those of the credential and of the body's type stand first.
        let own = words.parameters.len().saturating_sub(declared.len());
        let all: Vec<(&ParameterWords, &Parameter)> =
            words.parameters.iter().skip(own).zip(declared).collect();
        let service = self.service()?;
        let page = format!(
            "{}/{}.html",
            service.slug, service.operations[words.number].slug
        );
        let is_change = ["PUT", "PATCH", "DELETE"].contains(&words.method.as_str());
        let is_condition = |of: &ParameterWords| {
            of.location == Location::Header && of.name.eq_ignore_ascii_case(CONDITION)
        };
        let api = self.host.apis()[service.api].name();
        let collection = words.reach.collection.as_ref().map(|(name, _)| name);
        let key = words.reach.key.as_deref();
        let has_condition = words.parameters.iter().any(is_condition);
        Some(html! {
            div.try {
                noscript { p { "The form needs JavaScript. The samples above send the same." } }
                form novalidate data-method=(words.method) data-path=(path) data-page=(page)
                    data-api=(api) data-collection=[collection] data-key=[key] {
                    (access(&words.access))
                    @for (place, id, name) in PLACES {
                        @let of: Vec<_> = all.iter().filter(|(of, _)| of.location == place).collect();
                        @let adds = id == "header" && is_change && !has_condition;
                        @if !of.is_empty() || adds {
                            fieldset {
                                legend { (name) }
                                @for (of, declared) in of {
                                    @let known = known.iter().find(|(name, _)| **name == of.name && place == Location::Path);
                                    (input(id, of, declared, known.map(|(_, value)| value.as_str()), is_condition(of)))
                                }
                                @if adds { (condition()) }
                            }
                        }
                    }
                    @if !words.bodies.is_empty() { (body(&words.bodies)) }
                    (wishes(words))
                    ul.actions { li { button.send type="submit" { "Send" } } }
                }
                div.reply hidden {}
            }
        })
    }
}

/// A labelled row of the form.
fn row(id: &str, name: Markup, field: Markup) -> Markup {
    html! { p.input { label for=(id) { (name) } (field) } }
}

fn input(
    place: &str,
    of: &ParameterWords,
    declared: &Parameter,
    known: Option<&str>,
    is_condition: bool,
) -> Markup {
    let name = format!("{place}.{}", of.name);
    let id = format!("try.{name}");
    let example = of.example().map(|example| key_text(Some(example)));
    let own = known.map(str::to_owned).or_else(|| example.clone());
    let is_filled = of.is_required && !is_condition;
    let value = own.filter(|_| is_filled || place == "path");
    let value = value.or_else(|| (place == "path").then(|| "1".to_owned()));
    let says_array = |word: &Word| matches!(word, Word::Plain(text) if text.contains("array"));
    let is_several = match declared.style {
        Style::DeepObject | Style::SpaceDelimited | Style::PipeDelimited => true,
        _ => {
            let example = of.example();
            let is_shown = example.is_some_and(|it| it.is_array() || it.is_object());
            is_shown || of.what.types.iter().any(says_array)
        }
    };
    let is_styled = is_several && declared.media_type.is_none() && place == "query";
    // The example of a tag is no item's.
    let placeholder = example.filter(|_| !is_condition);
    let mark = html! {
        code { (of.name) }
        @if of.is_required { " " span.must { "required" } }
    };
    row(
        &id,
        mark,
        html! {
            input #(id) name=(name) value=[value] placeholder=[placeholder] autocomplete="off" spellcheck="false"
                aria-required=[of.is_required.then_some("true")]
                data-style=[is_styled.then(|| style(declared.style))]
                data-explode=[(is_styled && declared.explode).then_some("yes")];
        },
    )
}

fn style(style: Style) -> &'static str {
    match style {
        Style::DeepObject => "deepObject",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        _ => "form",
    }
}

/// The row of a condition that the contract doesn't document, and the mock heeds.
fn condition() -> Markup {
    let name = format!("header.{CONDITION}");
    let id = format!("try.{name}");
    row(
        &id,
        html! { code { (CONDITION) } },
        html! { input #(id) name=(name) autocomplete="off" spellcheck="false"; },
    )
}

/// Who sends it: the alternatives of credentials, each filled with what the mock takes.
fn access(all: &[Vec<SchemeWords>]) -> Markup {
    let needed: Vec<&Vec<SchemeWords>> = all.iter().filter(|all| !all.is_empty()).collect();
    let is_open = needed.len() < all.len();
    html! {
        @if !needed.is_empty() {
            fieldset {
                legend { "Credentials" }
                @if needed.len() > 1 || is_open {
                    (row("try.access", html! { "with" }, html! {
                        select id="try.access" name="access" {
                            @for (index, of) in needed.iter().enumerate() {
                                option value=(index) { (names(of)) }
                            }
                            @if is_open { option value="none" { "none" } }
                        }
                    }))
                }
                @for (index, of) in needed.iter().enumerate() {
                    div data-alternative=(index) {
                        @for (at, scheme) in of.iter().enumerate() {
                            (credential(&format!("try.credential.{index}.{at}"), scheme))
                        }
                    }
                }
            }
        }
    }
}

fn names(of: &[SchemeWords]) -> String {
    let names: Vec<&str> = of.iter().map(|scheme| scheme.name.as_str()).collect();
    names.join(" and ")
}

fn credential(id: &str, scheme: &SchemeWords) -> Markup {
    let form = scheme
        .form
        .as_deref()
        .unwrap_or("Client-Cert: <certificate>");
    let (place, field, rest) = match (form.strip_prefix('?'), form.split_once(": ")) {
        (Some(pair), _) => ("query", pair.split('=').next().unwrap_or_default(), ""),
        (None, Some(("Cookie", pair))) => {
            ("cookie", pair.split('=').next().unwrap_or_default(), "")
        }
        (None, Some((name, value))) => ("header", name, value),
        (None, None) => ("header", form, ""),
    };
    let prefix = rest.split_once(' ').map(|(prefix, _)| format!("{prefix} "));
    let kind = match prefix.as_deref() {
        Some("Bearer ") => "bearer",
        Some("Basic ") => "basic",
        Some("Digest ") => "digest",
        _ => "key",
    };
    let value = match (kind, &scheme.credential) {
        ("bearer", _) => "",
        ("basic" | "digest", _) => "name:password",
        (_, Some(Credential::Field(name, pair))) if name == "Cookie" => {
            pair.split_once('=').map_or("key", |(_, value)| value)
        }
        (_, Some(Credential::Field(_, value))) => {
            let own = prefix
                .as_deref()
                .and_then(|prefix| value.strip_prefix(prefix));
            own.unwrap_or(value)
        }
        (_, Some(Credential::Query(_, value))) => value,
        _ => "key",
    };
    let label = html! { (scheme.name) };
    html! {
        p.input {
            label for=(id) { (label) }
            input #(id) value=(value) autocomplete="off" spellcheck="false" data-credential
                data-kind=(kind) data-place=(place) data-field=(field) data-prefix=[prefix]
                data-scopes=[(kind == "bearer").then(|| scheme.scopes.join(" "))];
            @if kind == "bearer" { button type="button" data-mint { "Mint a token" } }
            small {
                @match kind {
                    "bearer" => {
                        "Left empty, a token is minted when the request is sent"
                        @if !scheme.scopes.is_empty() {
                            ", for "
                            @for (index, scope) in scheme.scopes.iter().enumerate() {
                                @if index > 0 { ", " }
                                code dir="auto" { (scope) }
                            }
                        }
                        "."
                    },
                    "basic" => "As name:password.",
                    "digest" => "As name:password: the server’s challenge is asked for first, and answered.",
                    _ => { (scheme.kind) ", sent as " code dir="auto" { (form) } "." },
                }
            }
        }
    }
}

/// How a body is written by the form's script.
fn kind(of: &BodyWords) -> &'static str {
    let is_text = of.examples.iter().all(|example| example.text().is_some());
    match of.media_type.split(';').next().unwrap_or_default() {
        "multipart/form-data" => "multipart",
        _ if is_text && !of.examples.is_empty() => "text",
        name if name.contains("json") || name.starts_with("text/") || name.contains("xml") => {
            "text"
        }
        _ => "file",
    }
}

fn body(bodies: &[BodyWords]) -> Markup {
    let first = kind(&bodies[0]);
    let media_type = &bodies[0].media_type;
    html! {
        fieldset {
            legend { "Body" }
            @if bodies.len() > 1 {
                (row("try.type", html! { "media type" }, html! {
                    select id="try.type" name="type" {
                        @for of in bodies {
                            option value=(of.media_type) data-kind=(kind(of)) { (of.media_type) }
                        }
                    }
                }))
            } @else {
                p.input { "media type " code dir="auto" { (media_type) } }
                input type="hidden" name="type" value=(media_type) data-kind=(first);
            }
            div data-text {
                (row("try.example", html! { "example" }, html! {
                    select id="try.example" data-examples {}
                }))
                p {
                    label.quiet for="try.body" { "Body" }
                    textarea id="try.body" name="body" rows="14" dir="ltr" spellcheck="false" autocomplete="off" {}
                }
                @if first == "multipart" { p.dim { "As a JSON object: each member is sent as a part." } }
            }
            div data-file hidden {
                (row("try.file", html! { "file" }, html! { input id="try.file" type="file" name="file"; }))
            }
            @for of in bodies {
                @for example in of.examples.iter() {
                    @if let Some(text) = filled(of, &example.value, example.text()) {
                        template data-example=(example.name) data-type=(of.media_type) { (text) }
                    }
                }
            }
        }
    }
}

/// The text of an example that a form is filled with; nothing of one that is too long for it.
fn filled(of: &BodyWords, value: &Value, text: Option<&str>) -> Option<String> {
    let is_value = of.media_type.contains("json")
        && !of.media_type.contains("seq")
        && !of.media_type.contains("lines")
        || kind(of) == "multipart";
    let text = match is_value {
        true => json(value),
        false => text?.to_owned(),
    };
    (text.len() <= LONGEST).then_some(text)
}

/// What the mock is asked for beside.
fn wishes(words: &OperationWords) -> Markup {
    let codes = words.responses.iter().map(|reply| match reply.status {
        StatusKey::Code(code) => code,
        StatusKey::Range(class) => u16::from(class) * 100,
        StatusKey::Default => 500,
    });
    html! {
        fieldset {
            legend { "Of the mock" }
            (row("try.wanted", html! { "reply" }, html! {
                select id="try.wanted" name="wanted" {
                    option value="" { "as the request deserves" }
                    @for code in codes {
                        option value=(code) {
                            (code)
                            @if let Some(reason) = phrase(code) {
                                " " (reason)
                            }
                        }
                    }
                }
            }))
            (row("try.sandbox", html! { "sandbox" }, html! {
                input id="try.sandbox" name="sandbox" list="try.sandboxes" placeholder="everyone’s state"
                    autocomplete="off" spellcheck="false" pattern="[A-Za-z0-9._~\\-]{1,100}";
            }))
            datalist id="try.sandboxes" {}
        }
    }
}
