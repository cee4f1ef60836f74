//! What is wrong, shown again: the requests of a finding as commands that are pasted together into a
//! shell. What was created is deleted in the end, so items are created anew first; their ids, and
//! the entity tags that they have then, are variables of the shell.

use super::call::Call;
use super::curl::{How, curl, is_whole, word};
use super::finding::{Check, Fault, Step};
use super::pool::{Item, created};
use super::trial::{Trial, shown_reply};
use crate::mock::{Action, Binding};
use crate::route::filled;
use crate::wire::{Reply, StatusCode, encode_segment};

/// A request of a finding, and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub call: Call,
    pub answer: Result<Reply, String>,
}

impl Asked {
    pub fn of(call: &Call, answer: Result<&Reply, &str>) -> Asked {
        Asked {
            call: call.clone(),
            answer: answer.cloned().map_err(str::to_owned),
        }
    }
}

/// How an item came to be.
#[derive(Debug, Clone)]
pub(super) struct Birth {
    /// Where the item is.
    pub path: String,
    call: Call,
    answer: String,
    /// Whether the id is in the body, and no field of the header.
    is_in_body: bool,
    /// The command that reads the id from the reply.
    reading: String,
}

impl Birth {
    /// The birth of an item by a request, where that can be shown and the server says the id.
    pub fn of(binding: &Binding, call: &Call, reply: &Reply, item: &Item) -> Option<Birth> {
        let written = item.iter();
        let written = written.map(|(name, value)| (name.clone(), encode_segment(value)));
        let path = filled(&binding.item_path, &written.collect::<Vec<_>>());
        if !is_whole(call) || is_at(&call.place(), &path) {
            return None;
        }
        let body = reply.body_json();
        let key = body.as_ref().and_then(|body| binding.unwrapped(body));
        let key = key.and_then(|item| item.get(&binding.key));
        let is_in_body = key.is_some_and(|key| !key.is_null());
        let reading = match is_in_body {
            true => {
                let names = binding.envelope.iter().chain([&binding.key]);
                let mut filter: String = names.map(|name| member(name)).collect();
                let id = item.last().map_or("", |(_, id)| id);
                if encode_segment(id) != id {
                    filter += "|@uri";
                }
                format!("jq -r {}", word(&filter))
            }
            false => LAST_OF_LOCATION.to_owned(),
        };
        Some(Birth {
            path,
            call: call.clone(),
            answer: shown_reply(reply),
            is_in_body,
            reading,
        })
    }
}

/// The last part of the path of a `Location`.
const LAST_OF_LOCATION: &str = r"sed -n 's|^[Ll]ocation:.*[/ ]\([^/?#[:space:]]\{1,\}\).*|\1|p'";
const ENTITY_TAG: &str = r"tr -d '\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: *//p'";

/// A member of an object in the language of jq.
fn member(name: &str) -> String {
    let mut letters = name.chars();
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_plain = letters.next().is_some_and(is_first)
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    match is_plain {
        true => format!(".{name}"),
        false => format!(".{}", serde_json::Value::from(name)),
    }
}

/// Whether a path is that of an item, or is below it.
fn is_at(path: &str, item: &str) -> bool {
    let rest = path.strip_prefix(item);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The requests that show a fault, with those that they need, as commands.
pub(super) fn steps(trial: &Trial<'_>, fault: &Fault, all: &[Asked]) -> Vec<Step> {
    let mut script = Script {
        trial,
        items: Vec::new(),
        steps: Vec::new(),
    };
    for (index, asked) in all.iter().enumerate() {
        let call = &asked.call;
        let tag = script.prepare(call);
        if fault.check == Check::Reply && script.is_list(call) {
            script.fill(call);
        }
        let later = &all[index + 1..];
        let is_needed = |birth: &Birth| {
            later
                .iter()
                .any(|own| is_at(&own.call.place(), &birth.path))
        };
        match birth(trial, asked).filter(is_needed) {
            Some(birth) => script.create(&birth, true),
            None => {
                let answer = match &asked.answer {
                    Ok(reply) => shown_reply(reply),
                    Err(why) => why.clone(),
                };
                script.show(call, tag.as_deref(), answer);
            }
        }
    }
    script.steps
}

/// How many items are created for a list: what is wrong may be what comes after the first.
const LISTED: usize = 2;

/// What a request of a finding created.
fn birth(trial: &Trial<'_>, asked: &Asked) -> Option<Birth> {
    let operation = trial.contract.operations.get(asked.call.operation);
    let binding = operation.binding.as_ref();
    let binding = binding.filter(|binding| binding.action == Action::Create)?;
    let reply = asked.answer.as_ref().ok();
    let reply = reply.filter(|reply| reply.status.is_success())?;
    let item = created(binding, &asked.call, reply)?;
    Birth::of(binding, &asked.call, reply, &item)
}

/// Commands that are run one after the other.
struct Script<'t, 's> {
    trial: &'t Trial<'s>,
    /// The paths of items, and the variables that their ids are in.
    items: Vec<(String, String)>,
    steps: Vec<Step>,
}

impl Script<'_, '_> {
    /// Creates the items that a request is about, and reads the entity tag that it names; gives
    /// that, where it was the item's.
    fn prepare(&mut self, call: &Call) -> Option<String> {
        let place = call.place();
        let ends = place.match_indices('/').map(|(at, _)| at);
        let ends = ends.chain([place.len()]).filter(|end| *end > 0);
        for path in ends.map(|end| &place[..end]) {
            let birth = self.trial.with_pool(|pool| pool.birth(path).cloned());
            if let Some(birth) = birth.filter(|_| !self.has(path)) {
                self.create(&birth, false);
            }
        }
        let mut tags = call.headers.iter().filter(|(name, _)| is_condition(name));
        let (reader, tag) = tags.find_map(|(_, tag)| {
            let reader = self.trial.reader_of_tag(&place, tag)?;
            Some((reader, tag.clone()))
        })?;
        let (read, note) = self.command(&reader, How::Head, None);
        self.steps.push(Step {
            curl: format!("tag=$({read} | {ENTITY_TAG}){note}"),
            answer: format!("{} ETag: {tag}", StatusCode::OK),
        });
        Some(tag)
    }

    fn has(&self, path: &str) -> bool {
        self.items.iter().any(|(own, _)| own == path)
    }

    /// Creates an item, and takes note of its id; `is_told` where its reply is to be seen.
    fn create(&mut self, birth: &Birth, is_told: bool) {
        let name = match self.items.len() {
            0 => "id".to_owned(),
            count => format!("id{}", count + 1),
        };
        // Before those that it needs, so that none is created for itself.
        self.items.push((birth.path.clone(), name.clone()));
        self.prepare(&birth.call);
        let how = if birth.is_in_body {
            How::Body
        } else {
            How::Head
        };
        let (create, note) = self.command(&birth.call, how, None);
        let told = if is_told { "tee /dev/stderr | " } else { "" };
        self.steps.push(Step {
            curl: format!("{name}=$({create} | {told}{}){note}", birth.reading),
            answer: birth.answer.clone(),
        });
    }

    fn is_list(&self, call: &Call) -> bool {
        let operation = self.trial.contract.operations.get(call.operation);
        let binding = operation.binding.as_ref();
        binding.is_some_and(|binding| binding.action == Action::List)
    }

    /// Creates items that a list shows.
    fn fill(&mut self, list: &Call) {
        let place = list.place();
        let births = self
            .trial
            .with_pool(|pool| pool.births_below(&place, LISTED));
        for birth in births {
            if !self.has(&birth.path) {
                self.prepare(&birth.call);
                self.show(&birth.call, None, birth.answer);
            }
        }
    }

    fn show(&mut self, call: &Call, tag: Option<&str>, answer: String) {
        let (command, note) = self.command(call, How::All, tag);
        self.steps.push(Step {
            curl: format!("{command}{note}"),
            answer,
        });
    }

    /// A request as a command, and what is to be said of it.
    fn command(&self, call: &Call, how: How, tag: Option<&str>) -> (String, String) {
        let settings = &self.trial.settings;
        let operation = self.trial.contract.operations.get(call.operation);
        let security = &operation.declared.security;
        let credentials = settings.credentials.shown(security, call.is_anonymous);
        let server = (&*settings.base, &*settings.curl);
        curl(call, server, &credentials, (how, &self.items, tag))
    }
}

/// Whether a header field names an entity tag.
pub(super) fn is_condition(name: &str) -> bool {
    ["if-match", "if-none-match"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::{is_at, member};

    #[test]
    fn an_items_own_path_and_what_is_below_are_at_it() {
        assert!(is_at("/pets/2", "/pets/2") && is_at("/pets/2/toys", "/pets/2"));
        assert!(!is_at("/pets/25", "/pets/2") && !is_at("/pets", "/pets/2"));
    }

    #[test]
    fn members_of_any_name_are_read() {
        let all = ["id", "pet-id", "a\\(b)\""].map(member);
        assert_eq!(all, [".id", r#"."pet-id""#, r#"."a\\(b)\"""#]);
    }
}
