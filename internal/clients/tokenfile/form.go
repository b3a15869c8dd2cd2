// SPDX-License-Identifier: MPL-2.0

package tokenfile

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"
)

// held is what a file holds: the token as text, or the JSON that the vendor's Terraform provider (api_token_file and
// service_account_token_file) and its SDK write: {"token_type", "refresh_token", "updated_by", "updated_on"}.
type held struct {
	token  string
	text   string
	object map[string]json.RawMessage // nil for text
}

// The keys of the vendor's JSON that change with the token.
const (
	keyToken     = "refresh_token"
	keyAccess    = "access_token"
	keyUpdatedBy = "updated_by"
	keyUpdatedOn = "updated_on"
)

const byteOrderMark = "\ufeff"

// parse reads either form. Its errors hold nothing of the text.
func parse(text string) (held, error) {
	content := strings.TrimSpace(strings.TrimPrefix(text, byteOrderMark))
	switch {
	case content == "":
		return held{}, errors.New("it is empty")
	case strings.ContainsRune(content, 0):
		return held{}, errors.New("it is not text in UTF-8; Windows PowerShell writes UTF-16 unless told -Encoding ascii")
	case strings.HasPrefix(content, "{"):
		return parseJSON(text, content)
	case strings.ContainsFunc(content, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"'<>{}[],`, r)
	}):
		return held{}, errors.New(`it holds neither a token alone nor JSON such as {"refresh_token": "…"}`)
	}
	return held{token: content, text: text}, nil
}

func parseJSON(text, content string) (held, error) {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(content), &object) != nil {
		return held{}, errors.New("it begins like JSON and is not")
	}
	var token string
	if json.Unmarshal(object[keyToken], &token) != nil || token == "" || strings.TrimSpace(token) != token {
		return held{}, errors.New(`its JSON has no token under "refresh_token"`)
	}
	return held{token: token, text: text, object: object}, nil
}

// with is the same content with the next token, in the same form.
func (h held) with(next string, now time.Time) (string, error) {
	if h.object == nil {
		return strings.Replace(h.text, h.token, next, 1), nil
	}
	changes := map[string]string{keyToken: next}
	delete(h.object, keyAccess) // it belonged to the last token, and is a secret too
	if _, ok := h.object[keyUpdatedBy]; ok {
		changes[keyUpdatedBy] = "terraform-provider-directory"
	}
	if _, ok := h.object[keyUpdatedOn]; ok {
		changes[keyUpdatedOn] = now.Format(time.RFC3339)
	}
	for key, value := range changes {
		raw, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		h.object[key] = raw
	}
	text, err := json.MarshalIndent(h.object, "", "  ")
	return string(text) + "\n", err
}
