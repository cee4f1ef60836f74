//! File names for the pages of operations, schemas and services.

use std::collections::{BTreeMap, HashSet};

/// How long a slug is at most, in bytes.
const LENGTH: usize = 80;

/// How long the suffix is that tells slugs apart: a hyphen and a hash in hexadecimal.
const SUFFIX: usize = 9;

/// A thing that a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What its page is called after.
    pub name: String,
    /// What no other thing is; the same in each build, in whatever order things come.
    pub identity: String,
}

impl Subject {
    /// An operation: called after its `operationId`, or else after its method and path.
    pub fn operation(operation_id: Option<&str>, method: &str, path: &str) -> Subject {
        let identity = format!("{} {path}", method.to_ascii_uppercase());
        let id = operation_id.filter(|id| !words(id).is_empty());
        let name = id.map_or_else(
            || format!("{} {path}", method.to_ascii_lowercase()),
            str::to_owned,
        );
        Subject { name, identity }
    }

    /// A thing that its name alone tells from others of its kind, such as a schema.
    pub fn named(name: &str) -> Subject {
        Subject {
            name: name.to_owned(),
            identity: name.to_owned(),
        }
    }
}

/// The slugs of things whose pages stand in one folder, in the same order: each of lower-case
/// letters and digits of ASCII in words parted by hyphens, 80 at most, and no two alike.
///
/// Those that would be alike, that a system reserves or that `reserved` names (`index`, say) end
/// with a hash of what they are, so that no slug hangs on the order of things.
pub fn slugs(subjects: &[Subject], reserved: &[&str]) -> Vec<String> {
    let bases: Vec<String> = subjects.iter().map(|subject| slug(&subject.name)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for base in &bases {
        *counts.entry(base).or_default() += 1;
    }
    let is_free = |base: &str| counts[base] == 1 && !is_device(base) && !reserved.contains(&base);
    let free = bases.iter().filter(|base| is_free(base));
    let mut taken: HashSet<String> = free.cloned().collect();
    // In the order of what they are, so that a rare second hash falls on the same ones.
    let mut order: Vec<usize> = (0..bases.len()).collect();
    order.sort_by(|a, b| subjects[*a].identity.cmp(&subjects[*b].identity));
    let mut slugs = bases.clone();
    for index in order {
        let base = &bases[index];
        if is_free(base) {
            continue;
        }
        let stem = cut(base, LENGTH - SUFFIX);
        let mut hash = fnv(subjects[index].identity.as_bytes());
        slugs[index] = loop {
            let slug = format!("{stem}-{:08x}", hash >> 32);
            if taken.insert(slug.clone()) {
                break slug;
            }
            hash = fnv(&hash.to_be_bytes());
        };
    }
    slugs
}

/// The slug of a thing that ends with a hash of what it is, whatever others there are.
pub fn identified(subject: &Subject) -> String {
    let base = slug(&subject.name);
    let hash = fnv(subject.identity.as_bytes());
    format!("{}-{:08x}", cut(&base, LENGTH - SUFFIX), hash >> 32)
}

/// A text as words of ASCII: `updateSession` is `update-session`, `getHTTPServer`
/// `get-http-server`, `日本` `u65e5-u672c`. Never empty.
pub fn slug(text: &str) -> String {
    let slug = cut(&words(text).join("-"), LENGTH).to_owned();
    match slug.is_empty() {
        true => format!("x-{:08x}", fnv(text.as_bytes()) >> 32),
        false => slug,
    }
}

/// The words of a text, in lower case. A letter beyond ASCII is a word of its code point.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before: Option<char> = None;
    let mut chars = text.chars().take(4 * LENGTH).peekable();
    while let Some(c) = chars.next() {
        let is_word = c.is_ascii_alphanumeric();
        let after_lower = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let ends_acronym = before.is_some_and(|b| b.is_ascii_uppercase())
            && chars.peek().is_some_and(char::is_ascii_lowercase);
        let starts = c.is_ascii_uppercase() && (after_lower || ends_acronym);
        if starts || !is_word {
            words.push(String::new());
        }
        before = is_word.then_some(c);
        let last = words.last_mut().expect("there is a word from the start");
        match is_word {
            true => last.push(c.to_ascii_lowercase()),
            false if !c.is_ascii() && c.is_alphanumeric() => {
                last.push_str(&format!("u{:x}", u32::from(c)));
                words.push(String::new());
            }
            false => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn cut(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text).trim_end_matches('-')
}

/// Whether Windows takes a name for a device, whatever its extension.
fn is_device(name: &str) -> bool {
    let numbered = ["com", "lpt"].iter().any(|device| {
        let number = name.strip_prefix(device);
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    });
    numbered || ["con", "prn", "aux", "nul"].contains(&name)
}

/// FNV-1a of 64 bits, and its bits mixed once more: the same on every machine and in each version,
/// as the hash of the standard library isn't.
fn fnv(bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = bytes.iter().fold(start, step);
    (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_of_ascii() {
        let cases = [
            ("updateSession", "update-session"),
            ("getHTTPServer", "get-http-server"),
            ("v2_List--all.items", "v2-list-all-items"),
            ("oauth2Token", "oauth2-token"),
            ("repos/get", "repos-get"),
            ("../../etc/passwd", "etc-passwd"),
            ("日本", "u65e5-u672c"),
            ("a\0b\u{202e}<c>", "a-b-c"),
        ];
        for (name, expected) in cases {
            assert_eq!(slug(name), expected, "{name}");
        }
        assert_eq!(slug("😀"), slug("😀"));
        assert!(slug("😀") != slug("🎉") && slug("😀").starts_with("x-"));
        assert!(slug(&"word ".repeat(100_000)).len() <= 80);
    }

    #[test]
    fn operations_without_an_id_are_called_after_method_and_path() {
        let name = |id, method, path| slug(&Subject::operation(id, method, path).name);
        assert_eq!(name(Some("listPets"), "get", "/pets"), "list-pets");
        assert_eq!(name(None, "GET", "/pets/{petId}"), "get-pets-pet-id");
        assert_eq!(name(Some("--"), "GET", "/"), "get");
    }

    #[test]
    fn no_two_slugs_are_alike_and_none_hangs_on_the_order() {
        let operation = |id, path| Subject::operation(Some(id), "GET", path);
        let mut subjects = vec![
            operation("getPet", "/a"),
            operation("get_pet", "/b"),
            operation("GetPet", "/c"),
            operation("con", "/d"),
            operation("index", "/e"),
            operation("other", "/f"),
        ];
        let first = slugs(&subjects, &["index"]);
        subjects.reverse();
        let mut second = slugs(&subjects, &["index"]);
        second.reverse();
        assert_eq!(first, second);
        assert_eq!(first.iter().collect::<HashSet<_>>().len(), 6);
        assert_eq!(first[5], "other");
        assert!(first[0].starts_with("get-pet-") && first[3].starts_with("con-"));
        assert!(first[4].starts_with("index-"));
        assert!(first.iter().all(|slug| slug.len() <= 80));
    }

    #[test]
    fn things_that_are_the_very_same_have_slugs_of_their_own() {
        let subjects = vec![Subject::named(&"a".repeat(200)); 3];
        let slugs = slugs(&subjects, &[]);
        assert_eq!(slugs.iter().collect::<HashSet<_>>().len(), 3);
    }
}
