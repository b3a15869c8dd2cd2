// SPDX-License-Identifier: MPL-2.0

// Command timezones writes the table of IANA time zones and the Windows zones that they stand for, from two files of
// the Unicode CLDR: supplemental/windowsZones.xml and, for other names of the same zones, bcp47/timezone.xml. On Debian
// they are in the package unicode-cldr-core.
//
//	go run ./tools/timezones /usr/share/unicode/cldr/common > internal/framework/timezones_iana.txt
package main

import (
	"encoding/xml"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type windowsZones struct {
	Zones struct {
		IANA  string `xml:"typeVersion,attr"`
		Pairs []struct {
			Windows   string `xml:"other,attr"`
			Territory string `xml:"territory,attr"`
			IANA      string `xml:"type,attr"` // several, with spaces between
		} `xml:"mapZone"`
	} `xml:"windowsZones>mapTimezones"`
}

type aliases struct {
	Types []struct {
		Names string `xml:"alias,attr"` // several, with spaces between
	} `xml:"keyword>key>type"`
}

// later are names that IANA has added since the release of CLDR that the table was made from, beside a zone of the same
// Windows zone.
var later = [][]string{{"Europe/Kiev", "Europe/Kyiv"}, {"America/Denver", "America/Ciudad_Juarez"}}

// territoryDefault marks the zone that CLDR names first for a Windows zone.
const territoryDefault = "001"

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: timezones FOLDER-OF-CLDR/common")
	}
	var zones windowsZones
	read(filepath.Join(os.Args[1], "supplemental", "windowsZones.xml"), &zones)
	var other aliases
	read(filepath.Join(os.Args[1], "bcp47", "timezone.xml"), &other)

	fmt.Println("# Windows zone = IANA zones, CLDR's default first. " +
		"Made by tools/timezones from the Unicode CLDR, IANA release " + zones.Zones.IANA + ".")
	for _, line := range table(zones, other) {
		fmt.Println(line)
	}
}

func read(path string, into any) {
	content, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	if err := xml.Unmarshal(content, into); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
}

// table has a line for each Windows zone.
func table(zones windowsZones, other aliases) []string {
	named := map[string][]string{} // Windows zone -> IANA zones
	for _, pair := range zones.Zones.Pairs {
		for name := range strings.FieldsSeq(pair.IANA) {
			known := named[pair.Windows]
			switch {
			case slices.Contains(known, name):
			case pair.Territory == territoryDefault:
				named[pair.Windows] = slices.Insert(known, 0, name)
			default:
				named[pair.Windows] = append(known, name)
			}
		}
	}
	var lines []string
	for windows, names := range named {
		for _, group := range other.Types {
			names = withAliases(names, strings.Fields(group.Names))
		}
		for _, group := range later {
			names = withAliases(names, group)
		}
		slices.Sort(names[1:])
		lines = append(lines, windows+" = "+strings.Join(names, " "))
	}
	slices.Sort(lines)
	return lines
}

// withAliases adds a group of names for one zone where one of them is there.
func withAliases(names, group []string) []string {
	if !slices.ContainsFunc(group, func(name string) bool { return slices.Contains(names, name) }) {
		return names
	}
	for _, name := range group {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
