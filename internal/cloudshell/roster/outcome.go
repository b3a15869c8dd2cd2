// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Outcome is the state after an apply. It starts as the decided state. What was not done is taken back, so that the
// next plan shows it again.
type Outcome struct {
	State State
	Notes Notes

	before State
	notes  Notes
}

// NewOutcome is the outcome of an apply in which everything goes as decided.
func NewOutcome(before State, notes Notes, decided Decision) *Outcome {
	o := &Outcome{State: decided.State.Clone(), Notes: notes.clone(), before: before, notes: notes}
	if notes.Unreadable == "" {
		o.Notes.Differences = decided.Left
	}
	return o
}

// Joined notes the CloudShell user of a person who joined. Created tells that this run proved that it created the
// user.
func (o *Outcome) Joined(join Join, user cloudshellapi.User, created bool) {
	account := Account{Name: join.Name, ID: user.ID, SID: sidOf(user), Created: created}
	if join.Account != nil && join.Account.ID == user.ID {
		account.Created = account.Created || join.Account.Created
		account.Deactivated = join.Account.Deactivated && !user.IsActive
		account.Own = join.Account.Own
	}
	// If another client made a second user for the new name, the first one keeps its own record.
	old, ok := o.notes.Accounts.Of(join.Formerly)
	if join.Formerly != "" && ok && (created || old.ID == user.ID) {
		// Who created the user stays true, whichever user the import made for the new name.
		account.Created = old.Created
		account.Former = slices.Clone(old.Former)
		if old.Created && old.ID != user.ID {
			account.Former = append(account.Former, old.ID)
		}
		account.Former = slices.DeleteFunc(account.Former, func(id int64) bool { return id == user.ID })
		if now, ok := o.Notes.Accounts.Of(old.Name); ok && now.ID == old.ID {
			o.Notes.Accounts.Drop(old.Name)
		}
	}
	o.Notes.Accounts.Put(account.alsoNamed(append(o.notes.namesOf(join.Name), user.Username)...))
	o.Notes.Present.Drop(join.Name)
	key := names.Key(join.Name)
	o.Notes.Asked = slices.DeleteFunc(o.Notes.Asked, func(asked string) bool { return asked == key })
	delete(o.Notes.Renamed, key)
}

// ShowProved corrects, where no plan named the people, who is shown as created: another resource may have been first.
func (o *Outcome) ShowProved(join Join) {
	if account, ok := o.Notes.Accounts.Of(join.Name); ok && !account.Created {
		o.State.Created.Delete(join.Name)
	}
}

// TakenOver notes that a joiner's user was created by a resource that this one replaces.
func (o *Outcome) TakenOver(join Join) {
	o.State.Created.Set(join.Name, o.State.Members.Text(join.Name))
}

// Activated notes that a member is active again.
func (o *Outcome) Activated(name string) {
	if !o.Notes.Differences[names.Key(name)].Inactive {
		return
	}
	o.differ(name, func(d *Difference) { d.Inactive = false })
}

// NotJoined takes back that a person joins.
func (o *Outcome) NotJoined(join Join) {
	o.State.Members.Delete(join.Name)
	if !o.before.Created.Has(join.Name) {
		o.State.Created.Delete(join.Name)
	}
	if join.Formerly != "" {
		restore(&o.State.Members, o.before.Members, join.Formerly)
		restore(&o.State.Created, o.before.Created, join.Formerly)
	}
	o.State.Outdated.Delete(join.Name)
}

// Appeared notes that a person who was to be imported is in CloudShell already, by another client: they join with the
// next plan.
func (o *Outcome) Appeared(join Join, user cloudshellapi.User) {
	o.NotJoined(join)
	o.Notes.Present.Put(Account{Name: join.Name, ID: user.ID, SID: sidOf(user)})
}

// Asked notes that a person's import was sent, and that its outcome is in doubt.
func (o *Outcome) Asked(join Join, at time.Time) {
	o.NotJoined(join)
	o.Notes.NoteAsked(join.Name, at)
}

// Unplanned notes a user that an import of this apply created beyond the plan. The next refresh shows them as created.
func (o *Outcome) Unplanned(name string, user cloudshellapi.User) {
	o.Notes.Accounts.Put(Account{Name: name, ID: user.ID, SID: sidOf(user), Created: true})
}

// Departed notes what happened to a leaver's CloudShell user.
func (o *Outcome) Departed(departure Departure, deleted, deactivated bool) {
	account, ok := o.Notes.Accounts.Of(departure.Name)
	if !ok || account.ID != departure.Account.ID {
		return
	}
	account.Deactivated = account.Deactivated || deactivated
	if deleted || !account.Created && !account.Deactivated {
		o.Notes.Accounts.Drop(departure.Name)
		return
	}
	o.Notes.Accounts.Put(account)
}

// LeftAlone notes that nothing is done to a leaver. They leave the members as planned, and the next refresh shows what
// they are.
func (o *Outcome) LeftAlone(departure Departure) { o.Departed(departure, false, false) }

// NotDeparted takes back that a person leaves. Deactivated tells how far it came.
func (o *Outcome) NotDeparted(departure Departure, deactivated bool) {
	restore(&o.State.Members, o.before.Members, departure.Name)
	restore(&o.State.Created, o.before.Created, departure.Name)
	restore(&o.State.Outdated, o.before.Outdated, departure.Name)
	if account, ok := o.Notes.Accounts.Of(departure.Name); ok && deactivated {
		account.Deactivated = true
		o.Notes.Accounts.Put(account)
	}
}

// NotRefreshed takes back that an import brings a person's details up to date.
func (o *Outcome) NotRefreshed(name string) {
	o.differ(name, func(d *Difference) { d.Details = o.notes.Differences[names.Key(name)].Details })
}

// NotActivated takes back that a person is made active again.
func (o *Outcome) NotActivated(name string) {
	was := o.notes.Differences[names.Key(name)]
	o.differ(name, func(d *Difference) { d.Inactive, d.Ours = true, was.Ours })
}

// Missing notes that a person could not be added to a CloudShell group.
func (o *Outcome) Missing(name, group string) {
	o.differ(name, func(d *Difference) { d.Missing = append(d.Missing, group) })
}

// differ changes what is left to differ with a member.
func (o *Outcome) differ(name string, change func(*Difference)) {
	if !o.State.Members.Has(name) {
		return
	}
	if o.Notes.Differences == nil {
		o.Notes.Differences = map[string]Difference{}
	}
	difference := o.Notes.Differences[names.Key(name)]
	change(&difference)
	if !difference.Any() {
		delete(o.Notes.Differences, names.Key(name))
		o.State.Outdated.Delete(name)
		return
	}
	o.Notes.Differences[names.Key(name)] = difference
	o.State.Outdated.Set(name, difference.String())
}

// restore gives a name the text that it had before, if it was there.
func restore(names *Names, before Names, name string) {
	if before.Has(name) {
		names.Set(name, before.Text(name))
	}
}
