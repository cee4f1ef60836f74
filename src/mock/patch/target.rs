use super::PatchFaultKind;
use crate::wire::Pointer;
use serde_json::{Map, Value};

/// How many characters of a name are shown.
const SHOWN: usize = 60;

/// What is wrong with one operation, and at which of its members.
pub(super) struct Fault {
    pub(super) kind: PatchFaultKind,
    pub(super) member: Option<&'static str>,
    pub(super) detail: String,
}

impl Fault {
    pub(super) fn new(
        kind: PatchFaultKind,
        member: &'static str,
        detail: impl Into<String>,
    ) -> Fault {
        Fault {
            kind,
            member: Some(member),
            detail: detail.into(),
        }
    }

    pub(super) fn unfit(member: &'static str, detail: impl Into<String>) -> Fault {
        Fault::new(PatchFaultKind::Unfit, member, detail)
    }

    pub(super) fn costly(member: &'static str, detail: impl Into<String>) -> Fault {
        Fault::new(PatchFaultKind::TooCostly, member, detail)
    }
}

/// A pointer of an operation, taken apart.
pub(super) struct Target {
    pub(super) member: &'static str,
    pub(super) tokens: Vec<String>,
}

impl Target {
    pub(super) fn of(members: &Map<String, Value>, member: &'static str) -> Result<Target, Fault> {
        let text = text(members, member)?;
        let Some(pointer) = Pointer::parse(text) else {
            let detail = format!(
                "is {}, which is no JSON Pointer: it doesn't start with a slash",
                quoted(text)
            );
            return Err(Fault::unfit(member, detail));
        };
        if text
            .split('~')
            .skip(1)
            .any(|rest| !rest.starts_with(['0', '1']))
        {
            let detail = format!(
                "is {}, which is no JSON Pointer: a ~ is written ~0",
                quoted(text)
            );
            return Err(Fault::unfit(member, detail));
        }
        Ok(Target {
            member,
            tokens: pointer.tokens().collect(),
        })
    }

    pub(super) fn find<'v>(&self, document: &'v mut Value) -> Result<&'v mut Value, Fault> {
        self.found(walk(document, &self.tokens))
    }

    pub(super) fn found<T>(&self, found: Result<T, Lost>) -> Result<T, Fault> {
        found.map_err(|lost| Fault::unfit(self.member, lost.detail))
    }
}

/// Why a pointer leads nowhere.
pub(super) struct Lost {
    /// Whether it could lead somewhere, if the document were another.
    pub(super) is_absent: bool,
    pub(super) detail: String,
}

impl Lost {
    fn absent(detail: String) -> Lost {
        Lost {
            is_absent: true,
            detail,
        }
    }

    pub(super) fn member(token: &str) -> Lost {
        Lost::absent(format!("leads to {}, which isn't there", quoted(token)))
    }

    pub(super) fn in_scalar(token: &str) -> Lost {
        let token = quoted(token);
        Lost::absent(format!(
            "looks for {token} in what is neither an object nor an array"
        ))
    }
}

pub(super) fn walk<'v>(document: &'v mut Value, tokens: &[String]) -> Result<&'v mut Value, Lost> {
    let mut place = document;
    for token in tokens {
        place = match place {
            Value::Object(members) => members.get_mut(token).ok_or_else(|| Lost::member(token))?,
            Value::Array(items) => {
                let index = index(token, items.len())?;
                &mut items[index]
            }
            _ => return Err(Lost::in_scalar(token)),
        };
    }
    Ok(place)
}

/// An index below `end` (RFC 6901 §4): digits without leading zeros.
pub(super) fn index(token: &str, end: usize) -> Result<usize, Lost> {
    if token == "-" {
        let detail = "leads behind the last item, where there is none".to_owned();
        return Err(Lost::absent(detail));
    }
    let is_digits = !token.is_empty() && token.bytes().all(|octet| octet.is_ascii_digit());
    if !is_digits || token.len() > 1 && token.starts_with('0') {
        return Err(Lost {
            is_absent: false,
            detail: format!(
                "looks in an array for {}, which is no index of one",
                quoted(token)
            ),
        });
    }
    // What is no usize is behind the end of any array.
    let index = token.parse().ok().filter(|index| *index < end);
    index.ok_or_else(|| {
        let token = quoted(token);
        Lost::absent(format!(
            "leads to index {token} of an array that has fewer items"
        ))
    })
}

pub(super) fn text<'m>(
    members: &'m Map<String, Value>,
    member: &'static str,
) -> Result<&'m str, Fault> {
    let malformed = |detail: &str| {
        let kind = PatchFaultKind::Malformed;
        Fault::new(kind, member, detail)
    };
    match members.get(member) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(malformed("is no text")),
        None => Err(malformed("is required of this operation, and isn't there")),
    }
}

/// A text of the request as it is shown: cut where it is long, control characters escaped.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    match shown.len() < text.len() {
        true => format!("{shown:?}…"),
        false => format!("{shown:?}"),
    }
}
