use super::lands;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A property's name as lower-case words with a space between them and without marks on letters:
/// `billingAddressLine1`, `BILLING_ADDRESS_LINE_1` and `billing-address-line1` are all `billing
/// address line 1`, and `Straße` is `strasse`.
#[derive(Clone)]
pub(super) struct Words(Rc<str>);

/// A longer name says nothing.
const LONGEST: usize = 80;
/// How many names a thread remembers something of, until it begins anew.
const REMEMBERED: usize = 4_096;

/// What a thread remembers of names: those of an object are asked about again and again, by all
/// that makes its members agree.
pub(super) struct Remembered<T>(RefCell<HashMap<Box<str>, T>>);

impl<T> Default for Remembered<T> {
    fn default() -> Remembered<T> {
        Remembered(RefCell::default())
    }
}

impl<T: Clone> Remembered<T> {
    /// What is known of a name, found out where it is asked for the first time.
    pub(super) fn of(&self, name: &str, find: impl FnOnce() -> T) -> T {
        if name.len() > LONGEST {
            return find();
        }
        if let Some(known) = self.0.borrow().get(name) {
            return known.clone();
        }
        let found = find();
        let mut all = self.0.borrow_mut();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(name.into(), found.clone());
        found
    }
}

thread_local! {
    static WORDS: Remembered<Words> = Remembered::default();
}

impl Words {
    pub(super) fn of(name: &str) -> Words {
        match name.len() > LONGEST {
            true => Words("".into()),
            false => WORDS.with(|words| words.of(name, || Words::read(name))),
        }
    }

    fn read(name: &str) -> Words {
        let words = match name.is_ascii() {
            true => plain_words(name),
            false => any_words(name),
        };
        Words(words.into())
    }

    /// All of them.
    pub(super) fn all(&self) -> &str {
        &self.0
    }

    pub(super) fn first(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    pub(super) fn last(&self) -> &str {
        self.0.rsplit(' ').next().unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split(' ')
    }

    pub(super) fn has(&self, any: &[&str]) -> bool {
        self.iter().any(|word| any.contains(&word))
    }

    /// The last four words, the last three, two, and the last.
    pub(super) fn tails(&self) -> impl Iterator<Item = &str> {
        tails(&self.0)
    }

    /// What stands before a tail of them.
    pub(super) fn before(&self, tail: &str) -> &str {
        self.0.strip_suffix(tail).unwrap_or_default().trim_end()
    }
}

/// The words of a name in whatever script.
fn any_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 6);
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        // Marks that stand by themselves behind their letter.
        if ('\u{300}'..='\u{36f}').contains(&c) {
            continue;
        }
        let starts = match c {
            c if !c.is_alphanumeric() => true,
            c if c.is_numeric() => before.is_alphabetic(),
            c if before.is_numeric() => c.is_uppercase() || before.is_numeric(),
            // The last of several capitals starts a word where a small letter follows.
            c if c.is_uppercase() => {
                let next = chars.peek();
                let ends_capitals = next.is_some_and(|next| next.is_lowercase());
                before.is_lowercase() || before.is_uppercase() && ends_capitals
            }
            _ => false,
        };
        if starts && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if c.is_alphanumeric() {
            c.to_lowercase()
                .for_each(|c| lands::push_unmarked(c, &mut words));
        }
        before = c;
    }
    mended(words)
}

/// The same of ASCII, as nearly all names are: they are looked at again and again.
fn plain_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 6);
    let mut before = b' ';
    let bytes = name.as_bytes();
    for (at, c) in bytes.iter().copied().enumerate() {
        let starts = match c {
            b'a'..=b'z' => before.is_ascii_digit(),
            b'A'..=b'Z' => {
                let next = bytes.get(at + 1);
                let ends_capitals = next.is_some_and(u8::is_ascii_lowercase);
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && ends_capitals
            }
            b'0'..=b'9' => before.is_ascii_alphabetic(),
            _ => true,
        };
        if starts && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if c.is_ascii_alphanumeric() {
            words.push(char::from(c.to_ascii_lowercase()));
        }
        before = c;
    }
    mended(words)
}

/// Without a space at the end, and with plurals whole that were torn: `URLs` and `IDs`.
fn mended(mut words: String) -> String {
    for (torn, whole) in [("ur ls", "urls"), ("i ds", "ids")] {
        if words.ends_with(torn) {
            words.truncate(words.len() - torn.len());
            words.push_str(whole);
        }
    }
    words.truncate(words.trim_end().len());
    words
}

pub(super) fn tails(words: &str) -> impl Iterator<Item = &str> {
    let spaces = words.match_indices(' ').count();
    let skipped = spaces.saturating_sub(3);
    let mut rest = words.splitn(skipped + 1, ' ').last();
    std::iter::from_fn(move || {
        let tail = rest?;
        rest = tail.split_once(' ').map(|(_, rest)| rest);
        Some(tail)
    })
}

/// `categories` is `category`, `addresses` is `address`; what is no plural is itself.
pub fn singular(word: &str) -> String {
    // `articleRes` is a resource.
    if word == "res" || word.ends_with(" res") {
        return word.to_owned();
    }
    for kept in ["ss", "us", "is", "news", "series", "sms", "dns", "https"] {
        if word.ends_with(kept) {
            return word.to_owned();
        }
    }
    match word {
        "people" => "person".to_owned(),
        "children" => "child".to_owned(),
        "companies" | "categories" | "cities" | "countries" => {
            format!("{}y", &word[..word.len() - 3])
        }
        _ => match word.strip_suffix("ies") {
            Some(stem) if stem.len() > 2 => format!("{stem}y"),
            _ => {
                let sibilant = ["sses", "xes", "ches", "shes", "uses"];
                let cut = match sibilant.iter().any(|end| word.ends_with(end)) {
                    true => 2,
                    false => usize::from(word.len() > 2 && word.ends_with('s')),
                };
                word[..word.len() - cut].to_owned()
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words_however_they_are_spelled() {
        for (name, words) in [
            ("billingAddressLine1", "billing address line 1"),
            ("BILLING_ADDRESS_LINE_1", "billing address line 1"),
            ("Billing-Address-Line1", "billing address line 1"),
            ("x-request-id", "x request id"),
            ("HTMLUrl", "html url"),
            ("userID", "user id"),
            ("userIDs", "user ids"),
            ("imageURLs", "image urls"),
            ("sha256", "sha 256"),
            ("$ref", "ref"),
            ("address.city", "address city"),
            ("__v", "v"),
            ("имяПользователя", "имя пользователя"),
            ("Straße", "strasse"),
            ("dateDeCréation", "date de creation"),
            ("Währung", "wahrung"),
            ("pre\u{301}nom", "prenom"),
            ("", ""),
        ] {
            assert_eq!(Words::of(name).all(), words, "{name}");
            assert_eq!(any_words(name), words, "{name}");
        }
        assert_eq!(Words::of(&"a".repeat(1000)).all(), "");
    }

    #[test]
    fn tails_get_shorter() {
        let words = Words::of("a_b_c_d_e");
        let tails: Vec<&str> = words.tails().collect();
        assert_eq!(tails, ["b c d e", "c d e", "d e", "e"]);
        assert_eq!(words.before("d e"), "a b c");
    }

    #[test]
    fn plurals_have_a_singular() {
        for (many, one) in [
            ("emails", "email"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("address", "address"),
            ("movies", "movy"),
            ("as", "as"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
