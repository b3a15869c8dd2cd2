package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// Create imports the group. Once anybody came in it warns and never fails: Terraform would taint the group and replace it, and
// so take everybody out again. What is missing is mended by the next plan.
func (r *importedGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client := r.client(plan.Name.ValueString(), &resp.Diagnostics)
	timeout, diags := plan.Timeouts.Create(ctx, importTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := r.set.CloudShellRun().Work(ctx)
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, unableTo("Import", plan.Name.ValueString()), err)
		return
	}
	defer done()
	c := groupCreate{plan: plan, diags: &resp.Diagnostics}
	if !c.prepare(ctx, client, r.set.CloudShellRun()) {
		return
	}
	c.timeout = timeout
	c.importPeople(ctx)
	if c.failed() {
		return
	}
	c.settle(ctx)
	after, notes := c.outcome()
	plan.setPeople(after)
	plan.ID, plan.DistinguishedName = plan.Name, c.distinguishedName
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, notes)...)
}

// groupCreate is the creation of an imported group.
type groupCreate struct {
	*groupWork
	plan  importedGroupModel
	diags *diag.Diagnostics

	distinguishedName types.String
	targets           []roster.Group
	imported          []string // whom an import was to bring in or to refresh
	troubles          []trouble
}

// prepare reads what is there. It reports false after an error; nothing has been changed then.
func (c *groupCreate) prepare(ctx context.Context, client *cloudshellapi.Client, run *clients.CloudShellRun) bool {
	name := c.plan.Name.ValueString()
	if c.targets = resolveTargets(ctx, client, stringsOf(c.plan.Groups), c.diags); c.diags.HasError() {
		return false
	}
	people, foreseen := run.Foreseen(name)
	if !foreseen {
		var err error
		people, err = client.ExternalGroupUsers(ctx, name)
		addUnreadable(ctx, client, name, err, c.diags)
	}
	if len(people) == 0 && !c.diags.HasError() {
		checkEmpty(ctx, client, c.plan, c.diags)
	}
	if c.diags.HasError() {
		return false
	}
	users, err := client.Users(ctx)
	if err != nil {
		framework.AddFault(c.diags, clients.CloudShell, unableTo("Import", name), err)
		return false
	}
	var incidental diag.Diagnostics // without the distinguished name the import is none the worse
	c.distinguishedName = lookUpDirectoryGroup(ctx, client, name, unableTo("Import", name), &incidental)
	c.diags.Append(incidental.Warnings()...)
	c.groupWork = newGroupWork(client, run, c.plan, users)
	c.see(people)
	return true
}

// importPeople imports whom CloudShell does not have, and with allow_update everybody.
func (c *groupCreate) importPeople(ctx context.Context) {
	match := c.book.Match(c.people)
	blocked := func(name string) bool {
		return match.Local[framework.FoldName(name)] || match.Taken[framework.FoldName(name)]
	}
	for _, person := range c.people {
		_, present := match.Users[framework.FoldName(person.Username)]
		if !blocked(person.Username) && (!present || c.allowUpdate) {
			c.imported = append(c.imported, person.Username)
		}
	}
	c.bring(ctx, c.imported, func(name string) bool { return !blocked(name) })
	if len(c.lacking(c.imported)) > 0 || c.strangers() {
		// The directory group may have changed since the plan.
		if people, err := c.client.ExternalGroupUsers(ctx, c.group); err == nil && len(people) > 0 {
			c.see(people)
			c.imported, _ = c.split(c.imported)
		}
	}
}

// strangers reports whether the import brought in anybody who was not in the directory group when it was read.
func (c *groupCreate) strangers() bool {
	index := roster.NewIndex(c.people)
	return slices.ContainsFunc(c.book.Users(), func(user cloudshellapi.User) bool {
		return !c.before[user.ID] && user.IsImported() && !index.Has(user.Username, *user.ImportedSid)
	})
}

// failed reports, with an error, that nobody came in although somebody should have.
func (c *groupCreate) failed() bool {
	refusedNames := c.lacking(c.imported)
	if len(refusedNames) == 0 {
		return false
	}
	match := c.book.Match(c.people)
	for _, user := range match.Users {
		if !c.before[user.ID] || c.reason == "" {
			c.troubles = append(c.troubles, c.refusals(refusedNames)...)
			return false
		}
	}
	for _, t := range c.refusals(refusedNames) {
		c.diags.AddAttributeError(path.Root("name"), unableTo("Import", c.group), t.detail)
	}
	return true
}

// settle puts the members into their CloudShell groups, and with allow_update makes them active.
func (c *groupCreate) settle(ctx context.Context) {
	members := make([]string, 0, len(c.people))
	for _, person := range c.people {
		if _, ok := c.find(person.Username); ok {
			members = append(members, person.Username)
		}
	}
	if c.allowUpdate {
		_, troubles := c.activate(ctx, members)
		c.troubles = append(c.troubles, troubles...)
	}
	_, troubles := c.put(ctx, members, c.targets)
	c.troubles = append(c.troubles, troubles...)
	warnTroubles(c.diags, c.troubles)
}

// outcome is the state that the creation leads to.
func (c *groupCreate) outcome() (roster.State, roster.Notes) {
	var created []roster.Account
	match := c.book.Match(c.people)
	for _, person := range c.people {
		user, ok := match.Users[framework.FoldName(person.Username)]
		if ok && c.cameIn(user) {
			created = append(created, roster.Account{Name: person.Username, ID: user.ID, Created: true})
		}
	}
	state, notes := roster.Adopt(created, roster.Seen{People: c.people, Users: c.book.Users(), Groups: c.targets, Account: c.client.Account()})
	if c.allowUpdate {
		for _, name := range c.imported {
			if user, ok := c.find(name); ok {
				notes.NoteImported(c.person(name), user)
			}
		}
	}
	for _, name := range c.imported {
		if c.pending[framework.FoldName(name)] {
			notes.NoteAsked(name)
		}
	}
	return state, notes
}
