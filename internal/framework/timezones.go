// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	_ "embed" // the table of time zones
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// zoneLines has a line for each time zone of Windows, such as: Windows zone = IANA zone, IANA zone... The zone that
// stands for all of them comes first.
//
//go:embed timezones_iana.txt
var zoneLines string

// retiredZones are names that Windows still takes, and that the Unicode CLDR does not list any more.
var retiredZones = []string{"Kamchatka Standard Time", "Mid-Atlantic Standard Time"}

// timeZones are the names that CloudShell's server, a Windows machine, gives its time zones, and the IANA names that
// stand for exactly one of them.
type timeZones struct {
	windows []string          // in their own spelling
	byName  map[string]string // key of a Windows or IANA name -> Windows name
	usual   map[string]string // Windows name -> its usual IANA name
}

var readTimeZones = sync.OnceValue(func() timeZones {
	zones := timeZones{byName: map[string]string{}, usual: map[string]string{}}
	for line := range strings.Lines(zoneLines) {
		windows, iana, found := strings.Cut(strings.TrimSpace(line), " = ")
		if strings.HasPrefix(line, "#") || !found {
			continue
		}
		zones.add(windows)
		for i, name := range strings.Fields(iana) {
			zones.byName[names.Key(name)] = windows
			if i == 0 {
				zones.usual[windows] = name
			}
		}
	}
	for _, windows := range retiredZones {
		zones.add(windows)
	}
	return zones
})

func (z *timeZones) add(windows string) {
	z.windows = append(z.windows, windows)
	z.byName[names.Key(windows)] = windows
}

// WindowsZone is the Windows name of a time zone that is written as such, in any case, or as an IANA name. A name that
// is neither is returned as it is: the server may know it.
func WindowsZone(name string) string {
	if windows, known := readTimeZones().byName[names.Key(name)]; known {
		return windows
	}
	return name
}

// SameTimeZone reports whether two names stand for one time zone of Windows.
func SameTimeZone(a, b string) bool { return names.Same(WindowsZone(a), WindowsZone(b)) }

// TimeZoneAsWritten is what state keeps of the server's time zone (nil: none): the name in the configuration or in
// prior state, if that is another name of the same zone.
func TimeZoneAsWritten(written types.String, server *string) types.String {
	if server == nil {
		return types.StringNull()
	}
	if !written.IsNull() && !written.IsUnknown() && SameTimeZone(written.ValueString(), *server) {
		return written
	}
	return types.StringValue(*server)
}

// TimeZone accepts the name of a Windows time zone, such as "W. Europe Standard Time", and an IANA name that stands for
// exactly one, such as Europe/Berlin.
func TimeZone() validator.String {
	return stringCheck{
		description: `must be the name of a Windows time zone, such as "W. Europe Standard Time", or an IANA name that ` +
			`stands for one, such as "Europe/Berlin"`,
		problem: func(value string) string {
			zones := readTimeZones()
			if _, known := zones.byName[names.Key(value)]; known {
				return ""
			}
			if candidates := zones.alike(value, time.Now().Year()); len(candidates) > 0 {
				return fmt.Sprintf(
					"No Windows time zone stands for %q, and CloudShell knows only those. These have the same time now: %s. "+
						"They differ in other years, so choose one.",
					value,
					names.List(candidates),
				)
			}
			return fmt.Sprintf(
				"%q is neither the name of a Windows time zone, such as %q (`tzutil /l` on Windows lists them), nor an IANA "+
					"name that "+
					"stands for one, such as %q.%s",
				value,
				"W. Europe Standard Time",
				"Europe/Berlin",
				names.DidYouMean(zones.near(value)),
			)
		},
	}
}

// near are the names of either kind that the writer may have meant.
func (z timeZones) near(value string) []string {
	if strings.Contains(value, "/") {
		var iana []string
		for line := range strings.Lines(zoneLines) {
			_, list, _ := strings.Cut(line, " = ")
			iana = append(iana, strings.Fields(list)...)
		}
		return names.Near(value, iana)
	}
	return names.Near(value, z.windows)
}

// alike returns the Windows zones that have the same time as an IANA zone in the middle of each month of that year. It
// returns none for names that this machine does not know, and on machines without a table of time zones.
func (z timeZones) alike(iana string, year int) []string {
	zone, err := time.LoadLocation(iana)
	if err != nil || iana == "" || names.Same(iana, "local") {
		return nil
	}
	var found []string
	for _, windows := range z.windows {
		location, err := time.LoadLocation(z.usual[windows])
		if err == nil && z.usual[windows] != "" && sameTimes(zone, location, year) {
			found = append(found, windows)
		}
	}
	return found
}

func sameTimes(a, b *time.Location, year int) bool {
	for month := time.January; month <= time.December; month++ {
		moment := time.Date(year, month, 15, 12, 0, 0, 0, time.UTC)
		_, first := moment.In(a).Zone()
		_, second := moment.In(b).Zone()
		if first != second {
			return false
		}
	}
	return true
}

// KeepTimeZone is the plan modifier of a time zone: another name of the zone in state is no change.
func KeepTimeZone() planmodifier.String { return keepTimeZone{} }

type keepTimeZone struct{}

func (keepTimeZone) Description(context.Context) string {
	return "Another name of the same time zone is no change."
}

func (m keepTimeZone) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepTimeZone) PlanModifyString(
	_ context.Context,
	req planmodifier.StringRequest,
	resp *planmodifier.StringResponse,
) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if SameTimeZone(req.StateValue.ValueString(), req.ConfigValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
