// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// command is one thing that a running mock does when asked.
type command struct {
	name, arguments, does string
	least                 int // how many arguments it needs
	run                   action
}

type action func(ctx context.Context, p *platforms, arguments []string, out io.Writer) error

// commands are those that change the directory, then those that look.
func commands() []command {
	return []command{
		{
			"add-member", "GROUP USER...", "put people into a group of the directory", 2,
			change(func(d *ldap.Directory, a []string) error { return known(d.AddMember(a[0], a[1:]...), a...) }),
		},
		{
			"remove-member", "GROUP USER...", "take people out of a group of the directory", 2,
			change(func(d *ldap.Directory, a []string) error { return known(d.RemoveMember(a[0], a[1:]...), a...) }),
		},
		{"add-user", "USER [NAME [EMAIL]]", "add a person to the directory", 1, change(addUser)},
		{
			"delete-user", "USER", "remove a person from the directory", 1,
			change(func(d *ldap.Directory, a []string) error { return known(d.RemoveUser(a[0]), a[0]) }),
		},
		{
			"rename-user", "USER NEW", "give a person another user name", 2,
			change(func(d *ldap.Directory, a []string) error { return known(d.RenameUser(a[0], a[1]), a[0]) }),
		},
		{
			"set-email", "USER EMAIL", "change a person's e-mail", 2,
			change(func(d *ldap.Directory, a []string) error { return known(d.SetEmail(a[0], a[1]), a[0]) }),
		},
		{"add-group", "GROUP", "add a group to the directory", 1, change(func(d *ldap.Directory, a []string) error {
			d.AddGroup(people.Group{Name: a[0]})
			return nil
		})},
		{
			"delete-group", "GROUP", "remove a group from the directory", 1,
			change(func(d *ldap.Directory, a []string) error { return known(d.RemoveGroup(a[0]), a[0]) }),
		},
		{"groups", "", "list the directory's groups with their members", 0, listGroups},
		{"users", "", "list who is in CloudShell and Cloud Director, and the domains of CloudShell groups", 0, listUsers},
		{"requests", "", "list the requests that the platforms received", 0, listRequests},
	}
}

func usage() string {
	var text strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&text, "  go run ./internal/mock %-34s # %s\n", strings.TrimSpace(c.name+" "+c.arguments), c.does)
	}
	return text.String()
}

// runCommand runs the command that the first argument names.
func runCommand(ctx context.Context, p *platforms, arguments []string, out io.Writer) error {
	if len(arguments) == 0 {
		return fmt.Errorf("no command; there are\n%s", usage())
	}
	all := commands()
	at := slices.IndexFunc(all, func(c command) bool { return c.name == arguments[0] })
	if at < 0 {
		return fmt.Errorf("unknown command %q; there are\n%s", arguments[0], usage())
	}
	if len(arguments)-1 < all[at].least {
		return fmt.Errorf("usage: %s %s", all[at].name, all[at].arguments)
	}
	return all[at].run(ctx, p, arguments[1:], out)
}

func change(f func(*ldap.Directory, []string) error) action {
	return func(_ context.Context, p *platforms, arguments []string, _ io.Writer) error {
		if p.ldap == nil {
			return errRealDirectory
		}
		return f(p.ldap.People(), arguments)
	}
}

// known is an error unless the directory has all of the names.
func known(all bool, names ...string) error {
	if all {
		return nil
	}
	return fmt.Errorf("the directory lacks one of these users or groups: %s", strings.Join(names, ", "))
}

func addUser(d *ldap.Directory, arguments []string) error {
	u := people.User{Username: arguments[0]}
	if len(arguments) > 1 {
		u.DisplayName = arguments[1]
	}
	if len(arguments) > 2 {
		u.Email = arguments[2]
	}
	d.AddUser(u)
	return nil
}

func listGroups(ctx context.Context, p *platforms, _ []string, out io.Writer) error {
	source := people.FromLDAP(p.client)
	groups, err := source.Groups(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		found, err := source.GroupUsers(ctx, g.Name)
		if err != nil {
			return err
		}
		names := make([]string, len(found))
		for i, u := range found {
			names[i] = u.Username
		}
		_, _ = fmt.Fprintf(out, "%s: %s\n", g.Name, strings.Join(names, ", "))
	}
	return nil
}

func listUsers(_ context.Context, p *platforms, _ []string, out io.Writer) error {
	groupNames := map[int64]string{}
	for _, g := range p.cloudshell.Groups() {
		groupNames[g.ID] = g.Name
		if access := p.cloudshell.Access(g.Name); len(access) > 0 {
			_, _ = fmt.Fprintf(out, "CloudShell: group %s has the domains %s\n", g.Name, domainsIn(access))
		}
	}
	for _, u := range p.cloudshell.Users() {
		kind, state := "local", "active"
		if u.IsImported() {
			kind = "imported"
		}
		if !u.IsActive {
			state = "inactive"
		}
		var in []string
		for _, id := range u.GroupIDs {
			in = append(in, groupNames[id])
		}
		_, _ = fmt.Fprintf(out, "CloudShell: %s (%s, %s) in %s\n", u.Username, kind, state, strings.Join(in, ", "))
	}
	for _, u := range p.vcd.Users(org) {
		_, _ = fmt.Fprintf(out, "Cloud Director: %s (%s)\n", u.Username, u.ProviderType)
	}
	for _, g := range p.vcd.Groups(org) {
		_, _ = fmt.Fprintf(out, "Cloud Director: group %s\n", g.Name)
	}
	return nil
}

func domainsIn(access map[string]string) string {
	var domains []string
	for _, name := range slices.Sorted(maps.Keys(access)) {
		domains = append(domains, fmt.Sprintf("%s (%s)", name, access[name]))
	}
	return strings.Join(domains, ", ")
}

func listRequests(_ context.Context, p *platforms, _ []string, out io.Writer) error {
	for _, r := range p.cloudshell.Requests() {
		_, _ = fmt.Fprintf(out, "CloudShell: %s %s -> %d\n", r.Method, r.Path, r.Status)
	}
	for _, r := range p.vcd.Requests() {
		_, _ = fmt.Fprintf(out, "Cloud Director: %s %s -> %d\n", r.Method, r.Path, r.Status)
	}
	return nil
}
