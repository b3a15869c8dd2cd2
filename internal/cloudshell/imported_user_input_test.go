// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

func TestImportedUserBadInput(t *testing.T) {
	t.Parallel()
	user := acctest.NewProtocol(t).Instance(userType)
	for name, c := range map[string]struct {
		config object
		words  []string
	}{
		"empty name":         {object{"name": ""}, []string{"name: ", "must not be empty or blank"}},
		"blank name":         {object{"name": " \t "}, []string{"name: ", "must not be empty or blank"}},
		"space around":       {object{"name": "jporter "}, []string{"name: ", "begins or ends with a space"}},
		"control characters": {object{"name": "j\nporter"}, []string{"name: ", "control characters"}},
		"endless name":       {object{"name": strings.Repeat("x", 2000)}, []string{"name: ", "2000 characters"}},
		"limit": {object{"name": "j", "max_saved_sandboxes": int64(-2)},
			[]string{"max_saved_sandboxes: ", "at least -1"}},
		"duration": {object{"name": "j", "max_reservation_duration": int64(-60)},
			[]string{"max_reservation_duration: ", "at least -1"}},
		"unknown zone": {object{"name": "j", "time_zone": "Europe/Berln"},
			[]string{"time_zone: ", `Did you mean "Europe/Berlin"`}},
		"misspelt zone": {object{"name": "j", "time_zone": "W Europ standard time"},
			[]string{"time_zone: ", `Did you mean "W. Europe Standard Time"`}},
		"policy": {object{"name": "j", "deletion_policy": "keep"}, []string{"deletion_policy: ", `"abandon"`}},
		"everyone": {object{"name": "j", "groups": []any{"everyone"}},
			[]string{"groups", "Every user is in the group"}},
		"administrators": {object{"name": "j", "groups": []any{"System Administrators"}},
			[]string{"groups", `attribute "admin"`}},
		"null group":  {object{"name": "j", "groups": []any{"Engineers", nil}}, []string{"groups: ", "Null"}},
		"blank group": {object{"name": "j", "groups": []any{" "}}, []string{"groups", "must not be empty or blank"}},
		"triggers alone": {object{"name": "j", "triggers": object{"a": "1"}},
			[]string{"triggers: ", "Set allow_update = true"}},
		"triggers, not": {object{"name": "j", "allow_update": false, "triggers": object{"a": "1"}},
			[]string{"triggers: "}},
	} {
		text := acctest.Errors(user.Validate(c.config))
		if strings.Count(text, "\n") != 0 {
			t.Errorf("%s: more than one error: %s", name, text)
		}
		contains(t, text, c.words...)
	}
	for name, config := range map[string]object{
		"all there is": {
			"name": "James (Ops) O'Hara / 100% 日本", "allow_update": true, "groups": []any{"Engineers",
				acctest.Unknown}, "triggers": object{"a": "1"},
			"active": true, "admin": false, "time_zone": "UTC", "max_reservation_duration": int64(-1),
			"max_saved_sandboxes": int64(0), "deletion_policy": "abandon",
		},
		"triggers of a variable": {"name": "j", "triggers": acctest.Unknown},
		"null triggers":          {"name": "j", "triggers": nil},
		"unknown": {"name": acctest.Unknown, "allow_update": acctest.Unknown, "triggers": object{"a": "1"},
			"groups": acctest.Unknown, "time_zone": acctest.Unknown},
	} {
		if text := acctest.Errors(user.Validate(config)); text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
}
