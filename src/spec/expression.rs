//! Runtime expressions (OpenAPI 3.1.1 §4.8.20.4), and the URLs of callbacks, which they are part of.

use crate::wire::{HeaderName, Pointer};

/// What a runtime expression names, of a request and the reply to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeExpression {
    /// The URL that was asked for.
    Url,
    /// The method of the request.
    Method,
    /// The status of the reply.
    StatusCode,
    /// A part of the request.
    Request(MessagePart),
    /// A part of the reply, which has neither query nor path.
    Reply(MessagePart),
}

/// A part of a request or reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessagePart {
    /// A header field.
    Header(HeaderName),
    /// A query parameter.
    Query(String),
    /// A path parameter.
    Path(String),
    /// What the pointer names in the body.
    Body(Pointer),
}

impl RuntimeExpression {
    /// Reads an expression, without braces around it.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn parse(text: &str) -> Result<RuntimeExpression, String> {
        let none = || {
            let bare = text.trim_start_matches('$');
            let mut parts = ["request.", "response."].into_iter();
            let is_bare = ["url", "method", "statusCode"].contains(&bare);
            let help = match is_bare || parts.any(|part| bare.starts_with(part)) {
                true => format!("did you mean `${bare}`?"),
                false => "there are $url, $method, $statusCode, $request.… and $response.…".into(),
            };
            format!("`{text}` is no runtime expression: {help}")
        };
        match text {
            "$url" => return Ok(RuntimeExpression::Url),
            "$method" => return Ok(RuntimeExpression::Method),
            "$statusCode" => return Ok(RuntimeExpression::StatusCode),
            _ => {}
        }
        if let Some(source) = text.strip_prefix("$request.") {
            return MessagePart::parse(text, source).map(RuntimeExpression::Request);
        }
        let source = text.strip_prefix("$response.").ok_or_else(none)?;
        match MessagePart::parse(text, source)? {
            MessagePart::Query(_) | MessagePart::Path(_) => Err(format!(
                "`{text}` names nothing: a response has neither query nor path"
            )),
            part => Ok(RuntimeExpression::Reply(part)),
        }
    }
}

impl MessagePart {
    /// The ABNF's `source`; `text` is the whole expression.
    fn parse(text: &str, source: &str) -> Result<MessagePart, String> {
        let of = |why: &str| format!("`{text}` is no runtime expression: {why}");
        if let Some(token) = source.strip_prefix("header.") {
            let name = HeaderName::from_bytes(token.as_bytes());
            return name
                .map(MessagePart::Header)
                .map_err(|_| of("no header field has such a name"));
        }
        if let Some(name) = source.strip_prefix("query.") {
            return name_of(name).map(MessagePart::Query).map_err(of);
        }
        if let Some(name) = source.strip_prefix("path.") {
            return name_of(name).map(MessagePart::Path).map_err(of);
        }
        let pointer = match source.strip_prefix("body") {
            Some("") => "",
            Some(rest) => rest
                .strip_prefix('#')
                .ok_or_else(|| of("a place in the body is written `body#/name`"))?,
            None => return Err(of("there are header., query., path. and body")),
        };
        let escapes = pointer.split('~').skip(1);
        let mut escapes = escapes.map(|rest| rest.starts_with(['0', '1']));
        match Pointer::parse(pointer).filter(|_| escapes.all(|is_sound| is_sound)) {
            Some(pointer) => Ok(MessagePart::Body(pointer)),
            None => Err(of("after # stands a JSON Pointer, which starts with /")),
        }
    }
}

/// `*( char )`, where `char` is that of a JSON text (RFC 8259 §7), escapes included.
fn name_of(text: &str) -> Result<String, &'static str> {
    serde_json::from_str(&format!("\"{text}\"")).map_err(|_| "no parameter has such a name")
}

/// The URL of a callback, as its key says it (OpenAPI 3.1.1 §4.8.18.2): an expression, or text with
/// expressions in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackUrl {
    /// As it is written.
    pub written: String,
    /// What it consists of, in order.
    pub pieces: Vec<UrlPiece>,
}

/// A part of a callback's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlPiece {
    /// Text that stands for itself.
    Text(String),
    /// What an expression gives.
    Expression(RuntimeExpression),
}

impl CallbackUrl {
    /// Whether a request or a reply has a say in it.
    pub fn is_made(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, UrlPiece::Expression(_)))
    }

    /// Reads the key of a callback.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn parse(text: &str) -> Result<CallbackUrl, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        if rest.starts_with('$') {
            let whole = RuntimeExpression::parse(std::mem::take(&mut rest))?;
            pieces.push(UrlPiece::Expression(whole));
        }
        while !rest.is_empty() {
            let (before, after) = rest.split_once('{').unwrap_or((rest, ""));
            if before.contains('}') || before.len() < rest.len() && !after.contains('}') {
                return Err(format!("the braces of `{text}` don't pair"));
            }
            if !before.is_empty() {
                pieces.push(UrlPiece::Text(before.to_owned()));
            }
            // What stands in braces ends with the first that closes, whatever names may hold.
            let Some((inner, after)) = after.split_once('}') else {
                break;
            };
            pieces.push(UrlPiece::Expression(RuntimeExpression::parse(inner)?));
            rest = after;
        }
        Ok(CallbackUrl {
            written: text.to_owned(),
            pieces,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> MessagePart {
        match RuntimeExpression::parse(text).expect(text) {
            RuntimeExpression::Request(part) | RuntimeExpression::Reply(part) => part,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        let parse = |text: &str| RuntimeExpression::parse(text).expect(text);
        assert_eq!(parse("$url"), RuntimeExpression::Url);
        assert_eq!(parse("$method"), RuntimeExpression::Method);
        assert_eq!(parse("$statusCode"), RuntimeExpression::StatusCode);
        let header = |name: &'static str| MessagePart::Header(HeaderName::from_static(name));
        assert_eq!(part("$request.header.accept"), header("accept"));
        assert_eq!(part("$request.header.content-Type"), header("content-type"));
        assert_eq!(part("$response.header.Server"), header("server"));
        assert_eq!(part("$request.path.id"), MessagePart::Path("id".to_owned()));
        let query = MessagePart::Query("queryUrl".to_owned());
        assert_eq!(part("$request.query.queryUrl"), query);
        for (text, at) in [
            ("$request.body", ""),
            ("$request.body#", ""),
            ("$request.body#/user/uuid", "/user/uuid"),
            ("$request.body#/successUrls/1", "/successUrls/1"),
            ("$response.body#/a~1b/~0", "/a~1b/~0"),
        ] {
            let pointer = Pointer::parse(at).expect("a pointer");
            assert_eq!(part(text), MessagePart::Body(pointer), "{text}");
        }
        assert!(matches!(
            parse("$response.body#/status"),
            RuntimeExpression::Reply(MessagePart::Body(_))
        ));
    }

    #[test]
    fn names_of_parameters_are_the_characters_of_a_json_text() {
        let query = |name: &str| MessagePart::Query(name.to_owned());
        assert_eq!(part("$request.query.a.b[c] d"), query("a.b[c] d"));
        assert_eq!(part("$request.query.\\u00e9"), query("é"));
        assert_eq!(part("$request.query."), query(""));
    }

    #[test]
    fn what_is_no_expression_is_told_with_its_reason() {
        for (text, why) in [
            ("", "there are $url"),
            ("$", "there are $url"),
            ("$URL", "there are $url"),
            ("$url ", "there are $url"),
            ("$request", "there are $url"),
            ("request.body#/url", "did you mean `$request.body#/url`?"),
            ("method", "did you mean `$method`?"),
            ("$request.", "there are header."),
            ("$request.cookie.a", "there are header."),
            ("$request.header.", "no header field"),
            ("$request.header.a b", "no header field"),
            ("$request.query.a\"b", "no parameter"),
            ("$request.query.a\nb", "no parameter"),
            ("$request.path.\\", "no parameter"),
            ("$request.body.url", "`body#/name`"),
            ("$request.body/url", "`body#/name`"),
            ("$request.body#url", "a JSON Pointer"),
            ("$request.body#/a~2", "a JSON Pointer"),
            ("$request.body#/a~", "a JSON Pointer"),
            ("$response.query.a", "neither query nor path"),
            ("$response.path.a", "neither query nor path"),
        ] {
            let message = RuntimeExpression::parse(text).expect_err(text);
            assert!(message.contains(why), "{text}: {message}");
        }
    }

    #[test]
    fn a_url_has_any_number_of_expressions_in_braces() {
        let shown = |text: &str| {
            let url = CallbackUrl::parse(text).expect(text);
            let piece = |piece: &UrlPiece| match piece {
                UrlPiece::Text(text) => text.clone(),
                UrlPiece::Expression(expression) => format!("<{expression:?}>"),
            };
            let pieces: Vec<String> = url.pieces.iter().map(piece).collect();
            pieces.concat()
        };
        assert_eq!(shown("$url"), "<Url>");
        assert_eq!(shown("{$url}"), "<Url>");
        assert_eq!(
            shown("http://a/{$method}-{$statusCode}?x={$url}&y"),
            "http://a/<Method>-<StatusCode>?x=<Url>&y"
        );
        assert_eq!(shown("http://a/b"), "http://a/b");
        for bad in [
            "http://{$url",
            "http://a}",
            "{$method}}",
            "{{$url}}",
            "{}",
            "{id}",
            "$url/a",
        ] {
            assert!(CallbackUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
