//! What functions take and give: CEL's own (cel.dev, "Standard Definitions"), those of its strings
//! extension, and those of `functions`.

use super::kinds::Kinds;

/// What a function takes, its receiver first, and gives.
pub(super) struct Signature {
    pub(super) takes: &'static [Kinds],
    pub(super) gives: Kinds,
}

const ANY: Kinds = Kinds::ANY;
const INT: Kinds = Kinds::INT;
const BOOL: Kinds = Kinds::BOOL;
const STRING: Kinds = Kinds::STRING;
const LIST: Kinds = Kinds::LIST;
const NUMBER: Kinds = Kinds::INT.or(Kinds::DOUBLE);
const SIZED: Kinds = STRING.or(Kinds::BYTES).or(LIST).or(Kinds::MAP);
const TIMED: Kinds = Kinds::TIMESTAMP.or(Kinds::DURATION);

const FUNCTIONS: [(&str, &[Kinds], Kinds); 45] = [
    ("bool", &[STRING.or(BOOL)], BOOL),
    ("bytes", &[STRING.or(Kinds::BYTES)], Kinds::BYTES),
    ("double", &[STRING.or(NUMBER)], Kinds::DOUBLE),
    ("int", &[STRING.or(NUMBER).or(TIMED)], INT),
    ("uint", &[STRING.or(NUMBER).or(TIMED)], INT),
    ("string", &[ANY], STRING),
    (
        "timestamp",
        &[STRING.or(INT).or(Kinds::TIMESTAMP)],
        Kinds::TIMESTAMP,
    ),
    (
        "duration",
        &[STRING.or(INT).or(Kinds::DURATION)],
        Kinds::DURATION,
    ),
    ("dyn", &[ANY], ANY),
    ("type", &[ANY], Kinds::TYPE),
    ("size", &[SIZED], INT),
    ("contains", &[SIZED, ANY], BOOL),
    ("startsWith", &[STRING, STRING], BOOL),
    ("endsWith", &[STRING, STRING], BOOL),
    ("matches", &[STRING, STRING], BOOL),
    ("charAt", &[STRING, INT], STRING),
    ("indexOf", &[STRING, STRING, INT], INT),
    ("lastIndexOf", &[STRING, STRING, INT], INT),
    ("lowerAscii", &[STRING], STRING),
    ("upperAscii", &[STRING], STRING),
    ("trim", &[STRING], STRING),
    ("replace", &[STRING, STRING, STRING, INT], STRING),
    ("split", &[STRING, STRING, INT], LIST),
    ("substring", &[STRING, INT, INT], STRING),
    ("format", &[STRING, LIST], STRING),
    ("join", &[LIST, STRING], STRING),
    ("reverse", &[STRING.or(LIST)], STRING.or(LIST)),
    ("getDate", &[Kinds::TIMESTAMP, STRING], INT),
    ("getDayOfMonth", &[Kinds::TIMESTAMP, STRING], INT),
    ("getDayOfWeek", &[Kinds::TIMESTAMP, STRING], INT),
    ("getDayOfYear", &[Kinds::TIMESTAMP, STRING], INT),
    ("getFullYear", &[Kinds::TIMESTAMP, STRING], INT),
    ("getMonth", &[Kinds::TIMESTAMP, STRING], INT),
    ("getHours", &[TIMED, STRING], INT),
    ("getMinutes", &[TIMED, STRING], INT),
    ("getSeconds", &[TIMED, STRING], INT),
    ("getMilliseconds", &[TIMED, STRING], INT),
    ("item", &[STRING, STRING], Kinds::MAP.or(Kinds::NULL)),
    ("items", &[STRING], LIST),
    ("sum", &[LIST], NUMBER),
    ("duplicates", &[LIST], LIST),
    ("addMinutes", &[STRING, NUMBER], STRING),
    (
        "zoned",
        &[INT, INT, INT, INT, INT, STRING],
        Kinds::TIMESTAMP.or(Kinds::NULL),
    ),
    ("rrule", &[STRING], Kinds::MAP.or(Kinds::NULL)),
    ("isLanguageTag", &[STRING], BOOL),
];

/// That of a function; nothing where it is none of these.
pub(super) fn signature(name: &str) -> Option<Signature> {
    let found = FUNCTIONS.iter().find(|(known, _, _)| *known == name);
    found.map(|(_, takes, gives)| Signature {
        takes,
        gives: *gives,
    })
}

#[cfg(test)]
mod tests {
    use super::signature;
    use crate::rules::functions::{OWN, STANDARD};

    #[test]
    fn every_function_is_known() {
        let all = STANDARD.iter().chain(&OWN);
        let unknown: Vec<_> = all.filter(|name| signature(name).is_none()).collect();
        assert_eq!(unknown, Vec::<&&str>::new());
    }
}
