use super::*;

/// Renders with a site that knows `guide.md` and the tags.
fn rendered(markdown: &str) -> Rendered {
    let resolve = |address: &str| match address {
        "guide.md" => Some("../guide.html".to_owned()),
        "evil" => Some("javascript:alert(1)".to_owned()),
        tag => tag
            .strip_prefix("#tag/")
            .map(|tag| format!("tags/{tag}.html")),
    };
    let place = Place {
        level: 3,
        prefix: "about",
        resolve: &resolve,
    };
    render(markdown, &place)
}

/// The HTML without what each block says of its direction, on one line.
fn html(markdown: &str) -> String {
    let html = rendered(markdown).html;
    assert_whole(&html);
    html.replace(" dir=\"auto\"", "").replace('\n', "")
}

/// Fails unless each element is closed in order, is known, and has known attributes alone.
fn assert_whole(html: &str) {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name = tag.split(' ').next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {html:.300}");
            continue;
        }
        let known = "p h3 h4 h5 h6 blockquote details summary pre ul ol li table thead tbody tr th \
                     td a code em strong i b del sub sup kbd div span br hr";
        assert!(known.split(' ').any(|known| known == name), "{name}");
        let mut rest = &tag[name.len()..];
        while let Some(start) = rest.find('"') {
            let key = rest[..start].trim_matches([' ', '=']);
            let keys = "dir href rel title class id start scope tabindex role aria-label";
            assert!(keys.split(' ').any(|known| known == key), "{key}");
            let end = rest[start + 1..].find('"').expect("a value ends");
            rest = &rest[start + end + 2..];
        }
        assert_eq!(rest.trim(), "");
        if name != "br" && name != "hr" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

const REL: &str = "rel=\"noopener noreferrer nofollow\"";

#[test]
fn markdown_is_written_as_html() {
    assert_eq!(
        html("*a* **b** ~~c~~ `d<e`\\\nf\n\n1. g\n2. h\n\n---\n> i"),
        "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;e</code><br>f</p>\
         <ol><li>g</li><li>h</li></ol><hr><blockquote><p>i</p></blockquote>"
    );
    assert_eq!(
        html("```JSON\n{\"a\": 1}\n```"),
        "<pre tabindex=\"0\"><code class=\"language-json\">{&quot;a&quot;: 1}</code></pre>"
    );
    assert_eq!(
        html("```\"x\n```"),
        "<pre tabindex=\"0\"><code></code></pre>"
    );
}

#[test]
fn tables_have_heads_that_say_what_they_head() {
    assert_eq!(
        html("| a | |\n|--:|---|\n| 1 | <ul><li>x<li>y</ul> |"),
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>\
         <th scope=\"col\" class=\"right\">a</th><td></td></tr></thead>\
         <tbody><tr><td class=\"right\">1</td><td><ul><li>x</li><li>y</li></ul></td></tr></tbody>\
         </table></div>"
    );
}

#[test]
fn tasks_and_alerts_say_what_they_are() {
    let tasks = html("- [x] a\n- [ ] b");
    assert!(tasks.contains("aria-label=\"done\">☑</span> a") && tasks.contains("\"to do\">☐"));
    assert_eq!(
        html("> [!NOTE]\n> a"),
        "<blockquote class=\"note\"><p><strong>Note</strong></p><p>a</p></blockquote>"
    );
}

#[test]
fn headings_take_their_place_below_those_of_the_page() {
    let rendered =
        rendered("## A\n##### B *b*\n# A\n# <script>x</script>\n#\n## Über\n\n[x](#%C3%BCber)");
    let headings = rendered.headings.iter();
    let headings: Vec<_> = headings
        .map(|h| (h.level, h.id.as_str(), h.text.as_str()))
        .collect();
    assert_eq!(
        headings,
        [
            (3, "about-a", "A"),
            (4, "about-b-b", "B b"),
            (3, "about-a-1", "A"),
            (4, "about-über", "Über"),
        ]
    );
    assert!(
        rendered
            .html
            .contains("<h4 dir=\"auto\" id=\"about-b-b\">B <em>b</em></h4>")
    );
    assert!(rendered.html.contains("<a href=\"#about-über\">x</a>"));
    assert_eq!(rendered.html.matches("<h").count(), 4);
}

#[test]
fn links_lead_to_the_web_to_mails_and_to_the_site() {
    assert_eq!(
        html("[a](https://a.example/?b=1&c \"T\\\"\") <b@c.example> [d](guide.md) [e](#tag/pets)"),
        format!(
            "<p><a href=\"https://a.example/?b=1&amp;c\" title=\"T&quot;\" {REL}>a</a> \
             <a href=\"mailto:b@c.example\">b@c.example</a> <a href=\"../guide.html\">d</a> \
             <a href=\"tags/pets.html\">e</a></p>"
        )
    );
    assert_eq!(
        html("See https://a.example/x, `https://b`."),
        format!(
            "<p>See <a href=\"https://a.example/x\" {REL}>https://a.example/x</a>, \
             <code>https://b</code>.</p>"
        )
    );
}

#[test]
fn links_that_lead_nowhere_are_text_and_are_told() {
    let rendered = rendered(
        "[a](javascript:alert(1)) [b](../b.md) [c](#none) [d](evil) [b](../b.md) \
         [e](&#x6a;avascript&colon;alert(1)) <a href=' java&#9;script:alert(1)'>f</a> \
         <a href=\"DATA:text/html,x\">g</a> [h](vbscript:x) [](x:y)",
    );
    assert_eq!(
        rendered.html.trim(),
        "<p dir=\"auto\">a b c d b e f g h </p>"
    );
    assert_eq!(
        rendered.unlinked,
        [
            "javascript:alert(1)",
            "../b.md",
            "#none",
            "evil",
            " java\tscript:alert(1)",
            "DATA:text/html,x",
            "vbscript:x",
            "x:y",
        ]
    );
}

#[test]
fn images_are_links_and_links_have_a_text_and_no_link_within() {
    let link = |text: &str, href: &str| format!("<a href=\"{href}\" {REL}>{text}</a>");
    let cases = [
        ("![a](https://a/x.png)", link("a", "https://a/x.png")),
        (
            "<img src=https://a/x.png alt='b' onerror=x>",
            link("b", "https://a/x.png"),
        ),
        (
            "![](https://a/x.png)",
            link("https://a/x.png", "https://a/x.png"),
        ),
        ("![a](data:image/png;base64,AA)", "a".to_owned()),
        ("[![a](https://a/)](https://b/)", link("a", "https://b/")),
        (
            "[a <a href=https://c>b</a>](https://b/)",
            link("a b", "https://b/"),
        ),
    ];
    for (markdown, expected) in cases {
        assert_eq!(html(markdown), format!("<p>{expected}</p>"), "{markdown}");
    }
}

#[test]
fn html_of_the_author_is_read_and_not_passed_on() {
    let cases = [
        (
            "a <b onclick=x>b</b><BR/> <span>c</span>",
            "<p>a <b>b</b><br> c</p>",
        ),
        (
            "a <script>alert(1)</script> b <!-- c --> d",
            "<p>a  b  d</p>",
        ),
        ("<script>\n\nalert(1)\n</script>\n\na", "<p>a</p>"),
        ("<style>a{}</style>", ""),
        (
            "<div style='x'>a &lt;b&gt; &eacute;</div>",
            "<p>a &lt;b&gt; é</p>",
        ),
        ("<h1>a</h1>b", "<p><strong>a</strong></p><p>b</p>"),
        ("a </p></blockquote></div> <i>b", "<p>a <br> <i>b</i></p>"),
        (
            "> <b>a\n\nb</b></blockquote>",
            "<blockquote><p><b>a</b></p></blockquote><p>b</p>",
        ),
        ("<iframe src=x>", ""),
        ("<img src=x onerror=alert(1)>", ""),
        ("<svg onload=alert(1)>", ""),
        (
            "<svg/onload=alert(1)>",
            "<p>&lt;svg/onload=alert(1)&gt;</p>",
        ),
        ("<li>a</li>", "<p>a</p>"),
        ("a <script> tag", "<p>a  tag</p>"),
    ];
    for (markdown, expected) in cases {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn blocks_of_the_author_stand_where_they_may() {
    assert_eq!(
        html("<details open><summary>a <b>b</summary>\n\n- *c*\n\n</details>\n\nd"),
        "<details><summary>a <b>b</b></summary><ul><li><em>c</em></li></ul></details><p>d</p>"
    );
    assert_eq!(
        html("<table>\n<tr><th>a<td>b<tr><td>c\n\n**d**\n\n</table>\ne"),
        "<div class=\"scroll\" tabindex=\"0\"><table><tbody><tr><th>a</th><td>b</td></tr>\
         <tr><td>c<p><strong>d</strong></p></td></tr></tbody></table></div><p>e</p>"
    );
    assert_eq!(
        html("<ul>a<li>b<ol><li>c</ol><li>d</ul>"),
        "<ul><li>a</li><li>b<ol><li>c</li></ol></li><li>d</li></ul>"
    );
}

#[test]
fn characters_that_act_are_seen() {
    assert_eq!(
        html("a\u{202e}b\u{1}c\u{7f} `\u{2066}`"),
        "<p>a[U+202E]b␁c␡ <code>[U+2066]</code></p>"
    );
    assert!(html("[a\0](https://b/\u{202e})").starts_with("<p>a"));
    assert!(!html("<b>\u{202e}&#x202e;</b>").contains('\u{202e}'));
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let rendered = rendered(&"é".repeat(200_000));
    assert!(
        rendered
            .html
            .contains("<p dir=\"auto\" class=\"notice\">This text is longer")
    );
    assert!(rendered.html.len() < 257 * 1024);
}

#[test]
fn hostile_nesting_is_bounded_and_ends_in_time() {
    let lists: String = (0..300)
        .map(|depth| format!("{}- a\n", "  ".repeat(depth)))
        .collect();
    let odd = [
        ">",
        "> ",
        "*",
        "_a",
        "[",
        "`",
        "- ",
        "1. ",
        "> - ",
        "*a **a ",
        "![",
        "[a](",
        "[a](<b",
        "<a \"",
        "<!--",
        "x <!--",
        "&amp;",
        "<b>",
        "x <b>",
        "<ul><li>",
        "<table><tr><td>",
        "<details>\n\n",
        "x <script>\n\n",
        "http://{",
        "~~a ",
        "|",
        "# a\n",
        "[a][",
        "\\",
        "</b>",
        "<li>",
        "\0",
        "<blockquote>",
        "<p>",
        "a <li>",
        "\u{202e}",
        "<a href=http://a>",
        "| a |\n|-|\n",
    ];
    for unit in odd {
        let size = if unit.len() == 1 { 100_000 } else { 30_000 };
        let text = unit.repeat(size / unit.len());
        let html = rendered(&text).html;
        assert_whole(&html);
        assert!(html.matches("<blockquote>").count() <= 100, "{unit}");
        plain(&text, 160);
    }
    assert_whole(&rendered(&lists).html);
}
