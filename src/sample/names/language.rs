//! Words that tell a language: those that properties are named by, and those of texts.

use super::locale::Locale;
use super::words::Words;

/// How many characters of a text are read.
const READ: usize = 200;

/// Words that properties have in one language alone, without marks on letters.
const SPELT: [(Locale, &[&str]); 7] = [
    (
        Locale::German,
        &[
            "vorname",
            "nachname",
            "strasse",
            "hausnummer",
            "plz",
            "postleitzahl",
            "geburtsdatum",
            "betrag",
            "beschreibung",
            "preis",
            "menge",
            "kunde",
            "kundennummer",
            "rechnung",
            "bestellung",
            "anrede",
            "telefon",
            "wohnort",
            "bezeichnung",
        ],
    ),
    (
        Locale::French,
        &[
            "prenom",
            "ville",
            "montant",
            "prix",
            "quantite",
            "commande",
            "facture",
            "entreprise",
            "naissance",
            "livraison",
        ],
    ),
    (
        Locale::Spanish,
        &[
            "apellido",
            "apellidos",
            "calle",
            "ciudad",
            "precio",
            "importe",
            "cantidad",
            "fecha",
            "nacimiento",
            "direccion",
            "descripcion",
        ],
    ),
    (
        Locale::Italian,
        &[
            "cognome",
            "indirizzo",
            "citta",
            "prezzo",
            "importo",
            "quantita",
            "nascita",
            "descrizione",
            "azienda",
            "fattura",
        ],
    ),
    (
        Locale::Portuguese,
        &[
            "sobrenome",
            "rua",
            "cidade",
            "preco",
            "quantidade",
            "nascimento",
            "endereco",
            "telefone",
            "descricao",
        ],
    ),
    (
        Locale::Dutch,
        &[
            "voornaam",
            "achternaam",
            "straat",
            "woonplaats",
            "prijs",
            "bedrag",
            "aantal",
            "omschrijving",
            "geboortedatum",
            "klant",
            "bestelling",
        ],
    ),
    (
        Locale::Swedish,
        &[
            "fornamn",
            "efternamn",
            "gatuadress",
            "postnummer",
            "personnummer",
            "belopp",
            "beskrivning",
            "antal",
            "kund",
        ],
    ),
];

/// The locale that a property is named in.
pub(super) fn spelt_in(name: &str) -> Option<Locale> {
    let words = Words::of(name);
    let found = SPELT.iter().find(|(_, spelt)| words.has(spelt));
    found.map(|(locale, _)| *locale)
}

/// Words that are common in one language and unknown to the others.
const TELLTALES: [(Locale, &[&str]); 12] = [
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
        Locale::Swedish,
        &[
            "och", "ett", "är", "inte", "från", "också", "mycket", "som", "sverige", "gatan",
            "för", "att",
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

/// Signs that are written so in Japan alone.
const OF_JAPAN: &str = "円県様駅図売読変広沢浜桜働込畑峠栃児竜黒鉄経済歳楽薬検実単収発戦転伝応総帰権訳郷験険団圧価気渋辺斉巻拡拝揺暁焼両釈";
/// Words that are Japanese though each of their signs is Chinese too.
const WORDS_OF_JAPAN: [&str; 12] = [
    "東京",
    "大阪",
    "京都",
    "会員",
    "名古屋",
    "札幌",
    "福岡",
    "神戸",
    "北海道",
    "株式会社",
    "注文番号",
    "氏名",
];
/// Names of families in Japan, with which somebody's name begins.
const FAMILIES_OF_JAPAN: [&str; 48] = [
    "山田",
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "斎藤",
    "清水",
    "山崎",
    "森田",
    "池田",
    "橋本",
    "阿部",
    "石川",
    "前田",
    "藤田",
    "小川",
    "岡田",
    "長谷川",
    "村上",
    "近藤",
    "石井",
    "坂本",
    "遠藤",
    "青木",
    "藤井",
    "西村",
    "福田",
    "太田",
    "三浦",
    "藤原",
    "岡本",
    "松田",
    "中島",
    "中川",
    "原田",
    "小野",
];

/// Whether a text in Chinese signs is Japanese, as far as its words tell.
pub(super) fn is_japanese(text: &str) -> bool {
    let begins = |family: &&str| text.starts_with(family) && text.chars().count() <= 6;
    text.chars().any(|sign| OF_JAPAN.contains(sign))
        || WORDS_OF_JAPAN.iter().any(|word| text.contains(word))
        || FAMILIES_OF_JAPAN.iter().any(begins)
}

/// The language that the common words of a text are of; nothing where they are of none, or of
/// several.
pub(super) fn worded(text: &str) -> Option<Locale> {
    let mut votes = [0_usize; TELLTALES.len()];
    let end = text
        .char_indices()
        .nth(READ)
        .map_or(text.len(), |(end, _)| end);
    // An address is no text, and a letter no word where it stands alone.
    if text.contains("://") || text.contains('@') {
        return None;
    }
    let words = text[..end].split(|c: char| !c.is_alphabetic());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&&str| word.len() > 1 || **word == "y" && words.len() > 2;
    for word in words.iter().filter(is_word) {
        for (vote, (_, telltales)) in votes.iter_mut().zip(TELLTALES) {
            let is_one = telltales
                .iter()
                .any(|known| known.eq_ignore_ascii_case(word));
            *vote += usize::from(is_one);
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
