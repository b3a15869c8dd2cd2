// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

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

// addHeader knows the schemes of Authorization: the credentials are what follows the scheme, and the password what
// follows the colon in Basic's base64.
func (s secrets) addHeader(name, value string) secrets {
	_, credentials, ok := strings.Cut(value, " ")
	if !strings.EqualFold(name, "Authorization") || !ok {
		return append(s, value)
	}
	s = append(s, credentials)
	if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
		if _, password, ok := strings.Cut(string(pair), ":"); ok {
			s = append(s, password)
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
				s = append(s, text)
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
				s = append(s, value)
			}
		}
	}
	return s
}

func (s secrets) mask(text string) string { return setting.Mask(text, s...) }

// maskedQuery is a query for the log.
func maskedQuery(query url.Values) string {
	for name := range query {
		if secretName.MatchString(name) {
			query[name] = []string{setting.Masked}
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
