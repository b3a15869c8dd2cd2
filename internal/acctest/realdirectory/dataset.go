// SPDX-License-Identifier: MPL-2.0

// Package realdirectory starts real directory servers for tests, on loopback and as children of the test: OpenLDAP's
// slapd, and Samba as an Active Directory domain controller. Both, and the mock, are filled with the same generated
// people and groups, so that one suite of tests can expect the same of all of them.
package realdirectory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The sizes that the generated directory is made for: more people than a page holds, and a group with more members
// than Active Directory hands out values at a time.
const (
	People        = 2500
	BigGroup      = "Big Group"
	BigMembers    = 1700
	disabledEvery = 50 // one person in so many is disabled
)

// Person is a generated person.
type Person struct {
	Username, DisplayName, Email, Telephone, Department string
	// CommonName is the name in the DN, unique among all.
	CommonName string
	Disabled   bool
}

// Group is a generated group.
type Group struct {
	Name, Description string
	People, Groups    []string // by username and by name
}

// Dataset is what every server is filled with.
type Dataset struct {
	People []Person
	Groups []Group
}

// hostile are people whose names mean something to LDAP, to HCL or to careless code.
var hostile = []Person{
	{Username: "paren(x)", DisplayName: "Anna (Ops) O'Hara"},
	{Username: "per%cent", DisplayName: "50% Off/Team"},
	{Username: "o'brien", DisplayName: "Conor O'Brien"},
	{Username: "amp&ersand", DisplayName: "R&D | Lab"},
	{Username: "star", DisplayName: "All * Stars"},
	{Username: "filter", DisplayName: "x)(objectClass=*"},
	{Username: "backslash", DisplayName: `Back\slash, Comma + Plus`},
	{Username: "hash", DisplayName: `#hash <angle> "quote"; semi=eq`},
	{Username: "interpolation", DisplayName: "${var.name} %{if true}"},
	{Username: "анна", DisplayName: "Анна Иванова"},
	{Username: "tanaka", DisplayName: "田中太郎"},
	{Username: "jmüller", DisplayName: "Jürgen Müller"},
	{Username: "twin1", DisplayName: "John Twin"},
	{Username: "twin2", DisplayName: "John Twin"},
}

// Generate makes the people and groups, the same ones every time.
func Generate() Dataset {
	var d Dataset
	for i, p := range hostile {
		p.CommonName = p.DisplayName
		if p.Username == "twin2" {
			p.CommonName += " (2)"
		}
		p.Email = fmt.Sprintf("hostile%d@lab.example", i)
		p.Department = "Hostile"
		d.People = append(d.People, p)
	}
	departments := []string{"Engineering", "Operations", "Research", "Security"}
	for i := len(hostile); i < People; i++ {
		name := fmt.Sprintf("Person %04d", i)
		d.People = append(d.People, Person{
			Username: fmt.Sprintf("user%04d", i), DisplayName: name, CommonName: name,
			Email: fmt.Sprintf("user%04d@lab.example", i), Telephone: fmt.Sprintf("+1 555 %04d", i),
			Department: departments[i%len(departments)], Disabled: i%disabledEvery == 0,
		})
	}
	d.Groups = []Group{
		{Name: BigGroup, Description: "More members than come at a time", People: d.usernames(100, 100+BigMembers)},
		{Name: "Hostile Names", Description: "Names that hurt", People: d.usernames(0, len(hostile))},
		{Name: "Team A", Description: "A few people, disabled ones among them", People: d.usernames(100, 160)},
		{Name: "Team B", Description: "Overlaps with Team A", People: d.usernames(150, 200)},
		{
			Name:        "Department",
			Description: "Two teams and two people",
			Groups:      []string{"Team A", "Team B"},
			People:      d.usernames(300, 302),
		},
		{
			Name:        "Company",
			Description: "Nested twice, and the big group",
			Groups:      []string{"Department", BigGroup, "Hostile Names"},
		},
		{Name: "Ring A", Description: "Cyclic", Groups: []string{"Ring B"}, People: d.usernames(201, 202)},
		{Name: "Ring B", Description: "Cyclic", Groups: []string{"Ring C"}, People: d.usernames(202, 203)},
		{Name: "Ring C", Description: "Cyclic", Groups: []string{"Ring A"}, People: d.usernames(203, 204)},
		{Name: "No Members", Description: "Empty"},
		{Name: "R&D (Berlin) \\ *", Description: "A hostile name", People: d.usernames(210, 213)},
	}
	return d
}

func (d Dataset) usernames(from, to int) []string {
	names := make([]string, 0, to-from)
	for _, p := range d.People[from:to] {
		names = append(names, p.Username)
	}
	return names
}

// Members are the usernames that a group holds, sorted. Disabled people are left out where the server knows of them.
func (d Dataset) Members(name string, nested, leaveOutDisabled bool) []string {
	disabled := map[string]bool{}
	for _, p := range d.People {
		disabled[p.Username] = p.Disabled
	}
	members, seen := map[string]bool{}, map[string]bool{}
	var collect func(name string)
	collect = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		group := d.Group(name)
		for _, username := range group.People {
			if !leaveOutDisabled || !disabled[username] {
				members[username] = true
			}
		}
		if nested {
			for _, below := range group.Groups {
				collect(below)
			}
		}
	}
	collect(name)
	return slices.Sorted(maps.Keys(members))
}

// Group is the group of that name.
func (d Dataset) Group(name string) Group {
	for _, g := range d.Groups {
		if g.Name == name {
			return g
		}
	}
	panic("no generated group " + name)
}

// GroupsOf are the names of the groups that list the person, sorted.
func (d Dataset) GroupsOf(username string) []string {
	var names []string
	for _, g := range d.Groups {
		if slices.Contains(g.People, username) {
			names = append(names, g.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}
