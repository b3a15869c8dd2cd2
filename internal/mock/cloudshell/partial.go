// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// PartialForm is a form of an answer that shows less than the list has.
type PartialForm int

const (
	PartialStatus  PartialForm = iota // 202 with half of the entries
	PartialErrors                     // 200 with half of the entries and an entry in Errors
	PartialTotal                      // half of the entries, the number of all of them in TotalCount, and no cursor
	PartialEmpty                      // no entries at all
	PartialMessage                    // {"Message": …}
	PartialObject                     // {}
	PartialNull                       // null
	PartialKey                        // a cursor and no key for the entries
)

// PartialForms are all forms.
var PartialForms = []PartialForm{
	PartialStatus, PartialErrors, PartialTotal, PartialEmpty, PartialMessage, PartialObject, PartialNull, PartialKey,
}

// Partial makes the answers to requests for lists partial ones. Use it in a faults.Rule for GET and the path of a list.
func Partial(form PartialForm) faults.Fault {
	return faults.Rewrite("partial list", func(status int, body []byte) (int, []byte) {
		switch form {
		case PartialMessage:
			return status, []byte(`{"Message":"The directory did not answer in time"}`)
		case PartialObject:
			return status, []byte(`{}`)
		case PartialNull:
			return status, []byte(`null`)
		case PartialKey:
			return status, []byte(`{"Cursor":null}`)
		}
		rest, err := cutShort(form, body)
		if err != nil {
			return http.StatusInternalServerError, []byte(err.Error())
		}
		if form == PartialStatus {
			status = http.StatusAccepted
		}
		return status, rest
	})
}

// cutShort cuts a list short in one of the forms that still show a list.
func cutShort(form PartialForm, body []byte) ([]byte, error) {
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	for key, value := range answer {
		entries, ok := value.([]any)
		if !ok || key == "Errors" {
			continue
		}
		kept := slices.Clone(entries[:len(entries)/2])
		if form == PartialEmpty {
			kept = []any{}
		}
		if form == PartialTotal {
			answer["TotalCount"] = len(entries)
		}
		answer[key], answer["Cursor"] = kept, nil
	}
	if form == PartialErrors {
		answer["Errors"] = []any{"Some entries could not be read"}
	}
	return json.Marshal(answer)
}
