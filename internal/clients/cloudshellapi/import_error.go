// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// ImportError is an entry of an answer's Errors, whose form is documented nowhere.
type ImportError struct{ Raw json.RawMessage }

// Where the name may be in an entry, in order of preference; compared without regard to case.
var nameKeys = []string{"username", "user", "name", "login", "account", "entity", "groupname", "group", "id", "userid"}

// secretKey names fields that are never shown.
var secretKey = regexp.MustCompile(`(?i)token|password|secret`)

const noReason = "no reason given"

// String is the entry in words a person can read, on one line of bounded length.
func (e ImportError) String() string { return cmp.Or(setting.OneLine(e.words()), noReason) }

func (e ImportError) words() string {
	value := e.value()
	name, said := nameIn(value), wordsIn(value)
	switch {
	case said == "" && name == "":
		return noReason
	case said == "":
		return name + ": " + noReason
	case name == "" || names.Contains(said, name):
		return said
	}
	return name + ": " + said
}

// quotedName is the name in a sentence such as: User 'jporter' already exists.
var quotedName = regexp.MustCompile(
	`(?i)\b(?:user|username|account|login)\b[^'"“‘]{0,20}(?:'(.+?)'|"(.+?)"|“(.+?)”|‘(.+?)’)(?:[\s.,:;!)]|$)`,
)

// Username is the user that the entry is about; "" if the entry does not say.
func (e ImportError) Username() string {
	value := e.value()
	if name := nameIn(value); name != "" {
		return name
	}
	match := quotedName.FindStringSubmatch(wordsIn(value))
	if match == nil {
		return ""
	}
	return strings.TrimSpace(strings.Join(match[1:], "")) // one of the groups matched, the others are empty
}

func (e ImportError) value() any {
	decoder := json.NewDecoder(bytes.NewReader(e.Raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return strings.TrimSpace(string(e.Raw))
	}
	return value
}

// wordsIn finds the words: under a key that is known to hold some, else all that there is as "key: value".
func wordsIn(value any) string {
	if said := transport.WordsIn(value); said != "" {
		return strings.Join(strings.Fields(said), " ")
	}
	switch value := value.(type) {
	case nil, string:
		return ""
	case []any:
		var parts []string
		for _, element := range value {
			if said := wordsIn(element); said != "" && !slices.Contains(parts, said) {
				parts = append(parts, said)
			}
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		return allFields(value)
	}
	return fmt.Sprint(value)
}

func allFields(object map[string]any) string {
	var parts []string
	for key, value := range object {
		isName := slices.Contains(nameKeys, strings.ToLower(key)) && nameIn(object) != ""
		if said := wordsIn(value); said != "" && !isName && !secretKey.MatchString(key) {
			parts = append(parts, key+": "+said)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// nameIn finds the name that an object is about, which may be in an object of its own.
func nameIn(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return ""
	}
	for _, key := range nameKeys {
		switch found := field(object, key).(type) {
		case string:
			if found = strings.TrimSpace(found); found != "" {
				return found
			}
		case json.Number:
			return found.String()
		case map[string]any:
			if name := nameIn(found); name != "" {
				return name
			}
		}
	}
	return ""
}

func field(object map[string]any, name string) any {
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// importErrors reads Errors: a list, null, one entry, or an object that is empty.
type importErrors []ImportError

func (e *importErrors) UnmarshalJSON(data []byte) error {
	var list many[json.RawMessage]
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*e = nil
	for _, raw := range list {
		if text := string(bytes.TrimSpace(raw)); text != "null" && text != `""` && text != "{}" {
			*e = append(*e, ImportError{Raw: raw})
		}
	}
	return nil
}

// shownErrors is how many entries an error repeats.
const shownErrors = 5

// asError is nil when there are no entries. It carries the status of the answer, which was not an error by itself.
func (e importErrors) asError(method, path string, status int) error {
	if len(e) == 0 {
		return nil
	}
	var said []string
	for _, entry := range e[:min(len(e), shownErrors)] {
		said = append(said, entry.String())
	}
	if more := len(e) - shownErrors; more > 0 {
		said = append(said, fmt.Sprintf("and %d more", more))
	}
	return &transport.Error{
		Method: method,
		Path:   path,
		Status: status,
		Words:  strings.Join(said, "; "),
		Header: http.Header{},
	}
}
