// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const masked = "***"

// shortestSecret keeps a value of one or two letters from blanking out half of a message.
const shortestSecret = 3

var secretName = regexp.MustCompile(`(?i)password|passwd|token|secret|authorization|cookie|api.?key`)

// secrets are the values that a request carries and that must not appear in errors, should the server repeat them.
type secrets []string

func secretsOf(request Request) secrets {
	var found secrets
	for name, values := range request.Header {
		if secretName.MatchString(name) {
			for _, value := range values {
				found = found.addHeader(name, value)
			}
		}
	}
	if request.Secret {
		found = found.addBody(request.Body)
	}
	return found
}

func (s secrets) add(value string) secrets {
	if len(value) < shortestSecret {
		return s
	}
	return append(s, value)
}

// addHeader knows the schemes of Authorization: the credentials are what follows the scheme, and the password what
// follows the colon in Basic's base64.
func (s secrets) addHeader(name, value string) secrets {
	_, credentials, ok := strings.Cut(value, " ")
	if !strings.EqualFold(name, "Authorization") || !ok {
		return s.add(value)
	}
	s = s.add(credentials)
	if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
		if _, password, ok := strings.Cut(string(pair), ":"); ok {
			s = s.add(password)
		}
	}
	return s
}

// addBody knows flat JSON objects and forms.
func (s secrets) addBody(body []byte) secrets {
	var object map[string]any
	if json.Unmarshal(body, &object) == nil {
		for name, value := range object {
			if text, ok := value.(string); ok && secretName.MatchString(name) {
				s = s.add(text)
			}
		}
		return s
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return s
	}
	for name, values := range form {
		if secretName.MatchString(name) {
			for _, value := range values {
				s = s.add(value)
			}
		}
	}
	return s
}

func (s secrets) mask(text string) string {
	for _, secret := range s {
		for _, spelling := range spellings(secret) {
			text = strings.ReplaceAll(text, spelling, masked)
		}
	}
	return text
}

// spellings are the forms in which a server may repeat a secret: JSON, HTML and URLs escape some characters, and an
// error of net/http quotes what the server sent.
func spellings(secret string) []string {
	found := []string{
		secret, inJSON(secret, true), inJSON(secret, false), html.EscapeString(secret), url.QueryEscape(secret),
		url.PathEscape(secret),
	}
	for _, spelling := range found {
		quoted := strconv.Quote(spelling)
		found = append(found, quoted[1:len(quoted)-1])
	}
	slices.SortStableFunc(found, func(a, b string) int { return len(b) - len(a) }) // one may be a part of another
	return slices.Compact(found)
}

// inJSON is how text stands between the quotes of a JSON string.
func inJSON(text string, escapeHTML bool) string {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(escapeHTML)
	_ = encoder.Encode(text) // a string can be encoded
	quoted := strings.TrimSpace(encoded.String())
	return quoted[1 : len(quoted)-1]
}

// maskedQuery is a query for the log.
func maskedQuery(query url.Values) string {
	for name := range query {
		if secretName.MatchString(name) {
			query[name] = []string{masked}
		}
	}
	return query.Encode()
}

// checkHeader refuses what net/http would refuse with an error that looks like a failure of the network: a line break
// at the end of a token read from a file, for example.
func checkHeader(header http.Header) string {
	for name, values := range header {
		for _, value := range values {
			if strings.ContainsFunc(value, unicode.IsControl) {
				return name
			}
		}
	}
	return ""
}
