//! What was never created isn't there.

use super::super::values::bases;
use super::Story;
use crate::mock::KeyFrom;
use crate::verify::finding::{Check, Fault};
use crate::verify::judge::SOURCE;
use crate::wire::StatusCode;

impl<'s> Story<'_, 's> {
    /// Reads items under ids that the server never gave. One may be another's by chance; not both.
    pub(super) fn missing(&self) {
        let KeyFrom::Path(name) = &self.binding().key_from else {
            return;
        };
        let Some((_, key)) = self.item.iter().find(|(own, _)| own == name) else {
            return;
        };
        let base = self.trial.base(self.read.number);
        let Some(base) = base.or_else(|| bases(self.trial, self.read).into_iter().next()) else {
            return;
        };
        let mut steps = Vec::new();
        for other in never(key) {
            let mut item = self.item.clone();
            item.retain(|(own, _)| own != name);
            item.push((name.clone(), other));
            let call = super::ready(self.trial, self.read, base.call.at(&item));
            let contract = self.trial.contract;
            let found = contract.breaches_of_request(self.read, &call.request());
            if found.is_none_or(|found| !found.is_empty()) {
                return;
            }
            match self.trial.send(&call) {
                // A mock makes items up, and says so.
                Ok(reply) if reply.headers.contains_key(&SOURCE) => return,
                Ok(reply) if reply.status == StatusCode::OK => steps.push((call, reply)),
                _ => return,
            }
        }
        let message = "answers 200 OK of an item that was never created";
        let steps: Vec<_> = steps.iter().map(|(call, reply)| (call, reply)).collect();
        self.report(self.read, Fault::error(Check::Missing, "", message), &steps);
    }
}

/// Two keys that look like one, and that no server has given.
pub(super) fn never(key: &str) -> [String; 2] {
    if key.parse::<i64>().is_ok() {
        return ["987654321".to_owned(), "876543219".to_owned()];
    }
    [3, 7].map(|by| {
        let last = key
            .chars()
            .rev()
            .filter(char::is_ascii_alphanumeric)
            .count();
        // Of a short one there may be as many as it has forms.
        if last < 8 {
            let stem = key.trim_end_matches(|c: char| c.is_ascii_digit());
            return format!("{stem}{}", 900_000 + by * 11_111);
        }
        let mut turned = 0;
        let turn = |c: char| {
            if turned >= 6 || !c.is_ascii_alphanumeric() {
                return c;
            }
            turned += 1;
            turned_by(c, by)
        };
        let mut letters: Vec<char> = key.chars().rev().map(turn).collect();
        letters.reverse();
        letters.into_iter().collect()
    })
}

/// Another character of the same kind: a digit, one of hexadecimal, another letter.
fn turned_by(c: char, by: u32) -> char {
    let within = |first: char, count: u32| {
        let at = (c as u32 - first as u32 + by) % count;
        char::from_u32(first as u32 + at).unwrap_or(c)
    };
    match c {
        '0'..='9' => within('0', 10),
        'a'..='f' => within('a', 6),
        'A'..='F' => within('A', 6),
        'g'..='z' => within('g', 20),
        'G'..='Z' => within('G', 20),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::never;

    #[test]
    fn a_key_that_was_never_given_has_the_form_of_one_that_was() {
        assert_eq!(never("17"), ["987654321", "876543219"]);
        assert_eq!(never("t5"), ["t933333", "t977777"]);
        let [one, other] = never("0f8fad5b-d9cb-469f-a165-70867728950e");
        assert_eq!(one, "0f8fad5b-d9cb-469f-a165-70867751283b");
        assert_ne!(one, other);
    }
}
