// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

func TestWindowsZone(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Europe/Berlin":           "W. Europe Standard Time",
		"europe/oslo":             "W. Europe Standard Time",
		"America/New_York":        "Eastern Standard Time",
		"Asia/Kolkata":            "India Standard Time",
		"Asia/Calcutta":           "India Standard Time",
		"UTC":                     "UTC",
		"Etc/UTC":                 "UTC",
		"w. europe standard time": "W. Europe Standard Time",
		"Mars Standard Time":      "Mars Standard Time", // a server may know more than this table
	} {
		if got := framework.WindowsZone(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if framework.SameTimeZone("Europe/Berlin", "Europe/Paris") ||
		!framework.SameTimeZone("Europe/Berlin", "W. Europe Standard Time") {
		t.Error("zones are mixed up")
	}
}

// A name that fits no zone, or several, is explained.
func TestTimeZonesThatAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := time.LoadLocation("CET"); err == nil {
		text := problem(t, framework.TimeZone(), types.StringValue("CET"))
		for _, part := range []string{"No Windows time zone stands for", `"W. Europe Standard Time"`, `"Romance Standard ` +
			`Time"`, "choose one"} {
			if !strings.Contains(text, part) {
				t.Errorf("%q is not in: %s", part, text)
			}
		}
		if strings.Contains(text, "UTC") || strings.Contains(text, "GMT") {
			t.Errorf("another time is offered: %s", text)
		}
	}
	for value, near := range map[string]string{
		"Isreal Standard Time": `"Israel Standard Time"`, "Europe/Berln": `"Europe/Berlin"`,
	} {
		if text := problem(t, framework.TimeZone(), types.StringValue(value)); !strings.Contains(text, "Did you mean") ||
			!strings.Contains(text, near) {
			t.Errorf("%s: %s", value, text)
		}
	}
}

func TestTimeZoneAsWritten(t *testing.T) {
	t.Parallel()
	berlin, romance := "W. Europe Standard Time", "Romance Standard Time"
	for name, c := range map[string]struct {
		written types.String
		server  *string
		want    types.String
	}{
		"IANA name of the same zone": {types.StringValue("Europe/Berlin"), &berlin, types.StringValue("Europe/Berlin")},
		"another zone":               {types.StringValue("Europe/Berlin"), &romance, types.StringValue(romance)},
		"nothing written":            {types.StringNull(), &berlin, types.StringValue(berlin)},
		"not known yet":              {types.StringUnknown(), &berlin, types.StringValue(berlin)},
		"the server has none":        {types.StringValue("Europe/Berlin"), nil, types.StringNull()},
	} {
		if got := framework.TimeZoneAsWritten(c.written, c.server); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Whether state or configuration has the IANA name: the plan is empty as long as both stand for one zone.
func TestKeepTimeZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ state, config, planned string }{
		{"W. Europe Standard Time", "Europe/Berlin", "W. Europe Standard Time"},
		{"Europe/Berlin", "W. Europe Standard Time", "Europe/Berlin"},
		{"Europe/Berlin", "Europe/Oslo", "Europe/Berlin"},
		{"W. Europe Standard Time", "Europe/Paris", "Europe/Paris"},
		{"", "Europe/Paris", "Europe/Paris"},
	} {
		req := planmodifier.StringRequest{
			ConfigValue: types.StringValue(c.config),
			PlanValue:   types.StringValue(c.config),
			StateValue:  types.StringValue(c.state),
		}
		if c.state == "" {
			req.StateValue = types.StringNull()
		}
		resp := planmodifier.StringResponse{PlanValue: req.PlanValue}
		framework.KeepTimeZone().PlanModifyString(t.Context(), req, &resp)
		if resp.PlanValue.ValueString() != c.planned {
			t.Errorf("%+v: planned %s", c, resp.PlanValue)
		}
	}
}
