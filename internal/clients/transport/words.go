// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// wordsIn bounds how much of an answer is searched for words, in bytes.
const wordsIn = 64 << 10

// Words is what the answer says to a person: the message of a JSON or XML body, the text of an HTML page, plain text as
// it is; "" when it says nothing. The secrets of the request are masked.
func (r *Response) Words() string { return r.secrets.words(r.Body) }

// words masks before the text is cut to length, which could leave half a secret, and once more what was escaped in an
// unusual way.
func (s secrets) words(body []byte) string { return s.mask(wordsOf([]byte(s.mask(string(body))))) }

func wordsOf(body []byte) string {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 || len(body) > wordsIn && body[0] != '<' {
		return ""
	}
	body = body[:min(len(body), wordsIn)]
	var value any
	if json.Unmarshal(body, &value) == nil {
		if said := WordsIn(value); said != "" {
			return setting.OneLine(said)
		}
		if text := string(body); text != "null" && text != "{}" && text != "[]" && text != `""` {
			return setting.OneLine(text)
		}
		return ""
	}
	if body[0] == '<' {
		if said := xmlMessage(body); said != "" {
			return setting.OneLine(said)
		}
		return setting.OneLine(htmlText(string(body)))
	}
	if !utf8.Valid(body) {
		return ""
	}
	return setting.OneLine(string(body))
}

// Keys under which servers put their words, in order of preference; compared without regard to case.
var (
	messageKeys = []string{
		"message", "errormessage", "error_description", "error", "detail", "details", "description", "reason", "text",
		"title",
	}
	detailKeys = []string{"errors", "modelstate", "exceptionmessage"}
)

// WordsIn is what a decoded JSON value says to a person, "" when it says nothing.
func WordsIn(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		return joinWords(value)
	case map[string]any:
		return objectWords(value)
	}
	return ""
}

func joinWords(values []any) string {
	var parts []string
	for _, value := range values {
		if said := WordsIn(value); said != "" && !slices.Contains(parts, said) {
			parts = append(parts, said)
		}
	}
	return strings.Join(parts, "; ")
}

func objectWords(object map[string]any) string {
	lower := make(map[string]any, len(object))
	for key, value := range object {
		lower[strings.ToLower(key)] = value
	}
	var parts []any
	for _, key := range messageKeys {
		if said := WordsIn(lower[key]); said != "" {
			parts = append(parts, said)
			break
		}
	}
	for _, key := range detailKeys {
		parts = append(parts, fieldWords(lower[key]))
	}
	return joinWords(parts)
}

// fieldWords reads errors by field, such as {"UserName": ["must not be empty"]}, beside all other forms.
func fieldWords(value any) string {
	object, ok := value.(map[string]any)
	if said := WordsIn(value); said != "" || !ok {
		return said
	}
	var parts []any
	for field, value := range object {
		if said := WordsIn(value); said != "" {
			parts = append(parts, field+": "+said)
		}
	}
	slices.SortFunc(parts, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return joinWords(parts)
}

// xmlMessage is the attribute "message" of the root element, where VMware Cloud Director puts its words.
func xmlMessage(body []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if root, ok := token.(xml.StartElement); ok {
			for _, attribute := range root.Attr {
				if attribute.Name.Local == "message" {
					return attribute.Value
				}
			}
			return ""
		}
	}
}

var (
	htmlInvisible = regexp.MustCompile(`(?is)<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>`)
	htmlTitle     = regexp.MustCompile(`(?is)<title\b[^>]*>(.*?)</title\s*>`)
	htmlHead      = regexp.MustCompile(`(?is)<head\b.*?</head\s*>`)
	htmlTag       = regexp.MustCompile(`(?s)<[^>]*>`)
)

// htmlText is the title and the visible text of a page.
func htmlText(page string) string {
	page = htmlInvisible.ReplaceAllString(page, " ")
	var title string
	if match := htmlTitle.FindStringSubmatch(page); match != nil {
		title = setting.OneLine(html.UnescapeString(match[1]))
	}
	text := setting.OneLine(html.UnescapeString(htmlTag.ReplaceAllString(htmlHead.ReplaceAllString(page, " "), " ")))
	if title == "" || strings.HasPrefix(text, title) {
		return text
	}
	if text == "" {
		return title
	}
	return title + ": " + text
}

// withoutQuery is a redirect's target without what may be secret in it.
func withoutQuery(target string) string {
	parsed, err := url.Parse(target)
	if err != nil {
		return "an address that cannot be read"
	}
	parsed.RawQuery, parsed.Fragment, parsed.User = "", "", nil
	return parsed.String()
}
