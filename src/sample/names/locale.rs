use super::lands::{self, Land};
use super::words::Words;

/// Of which language and land names, homes and sentences are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // Each says it all.
pub enum Locale {
    #[default]
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Polish,
    Turkish,
    Arabic,
    Hebrew,
    Russian,
    Ukrainian,
    Greek,
    Hindi,
    Japanese,
    Chinese,
    Korean,
    Thai,
    Vietnamese,
}

const ALL: [Locale; 20] = [
    Locale::English,
    Locale::German,
    Locale::French,
    Locale::Spanish,
    Locale::Portuguese,
    Locale::Italian,
    Locale::Dutch,
    Locale::Polish,
    Locale::Turkish,
    Locale::Arabic,
    Locale::Hebrew,
    Locale::Russian,
    Locale::Ukrainian,
    Locale::Greek,
    Locale::Hindi,
    Locale::Japanese,
    Locale::Chinese,
    Locale::Korean,
    Locale::Thai,
    Locale::Vietnamese,
];

/// How many letters of a text are looked at.
const READ: usize = 400;

impl Locale {
    /// The one that most of a document's example texts are of, each given with its property's
    /// name: by script, by language and country where the name says that they are such, and by
    /// words that are of one language alone. English where nothing says otherwise.
    pub fn of<'t>(texts: impl Iterator<Item = (&'t str, &'t str)>) -> Locale {
        let mut votes = [0_usize; ALL.len()];
        for (name, text) in texts {
            let named = named(name, text);
            let Some(locale) = named.or_else(|| written(text)) else {
                continue;
            };
            // A code is chosen on purpose; a word may have come by chance.
            votes[locale as usize] += if named.is_some() { 2 } else { 1 };
        }
        // Japanese is written with Chinese signs too.
        if votes[Locale::Japanese as usize] > 0 {
            votes[Locale::Japanese as usize] += votes[Locale::Chinese as usize];
            votes[Locale::Chinese as usize] = 0;
        }
        let best = ALL
            .iter()
            .rev()
            .max_by_key(|locale| votes[**locale as usize]);
        match best {
            Some(&best) if votes[best as usize] > votes[Locale::English as usize] => best,
            _ => Locale::English,
        }
    }
}

/// The locale of a code whose property says that it is one.
fn named(name: &str, text: &str) -> Option<Locale> {
    if text.len() > 40 {
        return None;
    }
    let words = Words::of(name);
    let land = |is: &dyn Fn(&Land) -> bool| lands::all().find(|land| is(land));
    let found = match words.tails().last()? {
        "locale" | "language" | "lang" | "culture" => {
            let language = text.split(['-', '_']).next()?;
            land(&|land| land.language.eq_ignore_ascii_case(language) || land.language_name == text)
        }
        "country" | "nationality" => land(&|land| of_country(land, text)),
        "code" | "iso" | "name" if words.has(&["country"]) => land(&|land| of_country(land, text)),
        "code" | "tag" if words.has(&["language", "locale"]) => {
            let language = text.split(['-', '_']).next()?;
            land(&|land| land.language.eq_ignore_ascii_case(language))
        }
        _ => None,
    };
    found.map(|land| land.locale)
}

fn of_country(land: &Land, text: &str) -> bool {
    [land.code, land.code3, land.name].contains(&text)
}

/// The locale that a text is written in, as far as its letters and words tell.
fn written(text: &str) -> Option<Locale> {
    let mut marks = None;
    let mut han = false;
    for letter in text.chars().take(READ) {
        marks = marks.or(match letter {
            'ぁ'..='ヿ' => return Some(Locale::Japanese),
            '가'..='힣' => return Some(Locale::Korean),
            'ا'..='ي' => return Some(Locale::Arabic),
            'א'..='ת' => return Some(Locale::Hebrew),
            'α'..='ω' | 'Α'..='Ω' | 'ά' | 'έ' | 'ή' | 'ί' | 'ό' | 'ύ' | 'ώ' => {
                // A lone letter is of a formula.
                let letters = text.chars().filter(|letter| ('Ά'..='ώ').contains(letter));
                (letters.take(3).count() == 3).then_some(Locale::Greek)
            }
            'ก'..='๛' => return Some(Locale::Thai),
            'ऀ'..='ॿ' => return Some(Locale::Hindi),
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => {
                return Some(Locale::Ukrainian);
            }
            'а'..='я' | 'А'..='Я' => {
                let ukrainian = text.chars().any(|letter| "іїєґІЇЄҐ".contains(letter));
                return Some(match ukrainian {
                    true => Locale::Ukrainian,
                    false => Locale::Russian,
                });
            }
            '一'..='鿿' => {
                han = true;
                None
            }
            'ă' | 'ơ' | 'ư' | 'ả' | 'ạ' | 'ấ' | 'ầ' | 'ậ' | 'ắ' | 'ế' | 'ề' | 'ệ' | 'ễ' | 'ị'
            | 'ố' | 'ồ' | 'ộ' | 'ớ' | 'ờ' | 'ợ' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ự' | 'đ' => {
                Some(Locale::Vietnamese)
            }
            'ß' => Some(Locale::German),
            'ł' | 'Ł' | 'ą' | 'ę' | 'ż' | 'ź' | 'ś' => Some(Locale::Polish),
            'ğ' | 'ı' | 'ş' | 'İ' | 'Ş' => Some(Locale::Turkish),
            'ñ' | '¿' | '¡' => Some(Locale::Spanish),
            'ã' | 'õ' => Some(Locale::Portuguese),
            'œ' => Some(Locale::French),
            _ => None,
        });
    }
    match (marks, han) {
        (None, true) => Some(Locale::Chinese),
        (None, false) => worded(text),
        (marks, _) => marks,
    }
}

/// Words that are common in one language and unknown to the others.
const TELLTALES: [(Locale, &[&str]); 11] = [
    (
        Locale::English,
        &[
            "the", "and", "of", "with", "for", "this", "is", "are", "your", "street", "from",
        ],
    ),
    (
        Locale::German,
        &[
            "und", "der", "das", "ist", "nicht", "mit", "für", "ein", "eine", "straße", "gmbh",
            "zum", "auf", "münchen", "berlin", "herr", "frau",
        ],
    ),
    (
        Locale::French,
        &[
            "les", "des", "est", "une", "pour", "dans", "avec", "vous", "rue", "sur", "été",
            "très", "france", "monsieur", "madame", "du", "et",
        ],
    ),
    (
        Locale::Spanish,
        &[
            "el", "los", "las", "para", "con", "del", "usted", "calle", "españa", "y", "señor",
            "más", "está", "madrid",
        ],
    ),
    (
        Locale::Portuguese,
        &[
            "não", "uma", "você", "rua", "dos", "das", "são", "em", "brasil", "ao", "pelo",
            "senhor",
        ],
    ),
    (
        Locale::Italian,
        &[
            "il", "gli", "della", "che", "di", "è", "non", "sono", "piazza", "italia", "delle",
            "nella", "per",
        ],
    ),
    (
        Locale::Dutch,
        &[
            "het",
            "een",
            "niet",
            "van",
            "voor",
            "zijn",
            "straat",
            "nederland",
            "aan",
            "ook",
            "deze",
        ],
    ),
    (
        Locale::Polish,
        &[
            "nie", "jest", "na", "się", "ulica", "ul", "polska", "oraz", "dla", "przez",
        ],
    ),
    (
        Locale::Turkish,
        &[
            "ve", "bir", "için", "bu", "ile", "caddesi", "sokak", "türkiye", "istanbul",
        ],
    ),
    (
        Locale::Vietnamese,
        &["và", "của", "không", "cho", "nguyễn", "việt"],
    ),
    (Locale::Hindi, &["नमस्ते"]),
];

fn worded(text: &str) -> Option<Locale> {
    let mut votes = [0_usize; TELLTALES.len()];
    let end = text
        .char_indices()
        .nth(READ)
        .map_or(text.len(), |(end, _)| end);
    let words = text[..end].split(|c: char| !c.is_alphabetic());
    for word in words.filter(|word| word.len() > 1 || *word == "y") {
        let word = word.to_lowercase();
        for (vote, (_, telltales)) in votes.iter_mut().zip(TELLTALES) {
            *vote += usize::from(telltales.contains(&word.as_str()));
        }
    }
    let best = votes.iter().copied().max().filter(|best| *best > 0)?;
    let mut firsts = votes
        .iter()
        .zip(TELLTALES)
        .filter(|(vote, _)| **vote == best);
    match (firsts.next(), firsts.next()) {
        (Some((_, (locale, _))), None) => Some(locale),
        _ => None,
    }
}
