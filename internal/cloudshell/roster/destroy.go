// SPDX-License-Identifier: MPL-2.0

package roster

// DecideDestroy decides what a destroy does: all people leave; users that the resource created are treated as the
// policy says, and all others are left as they are. The directory group plays no part in it. The action is one of the
// Departed constants.
func DecideDestroy(state State, notes Notes, action string, settings Settings) Decision {
	var d Decision
	retained := notes.retained(settings)
	for _, account := range notes.Accounts.Sorted() {
		if !account.Created || !state.Created.Has(account.Name) {
			continue
		}
		d.Departures = append(d.Departures, Departure{
			Name: account.Name, Account: notes.withoutOthersUsers(account), Action: action,
			LeftAlone: account.Own || retained.has(account.Name),
		})
	}
	return d
}

// Retained are the names of those departures that leave the CloudShell user alone, other than the provider's own.
func (d Decision) Retained() []string {
	var retained []string
	for _, departure := range d.Departures {
		if departure.LeftAlone && !departure.Account.Own {
			retained = append(retained, departure.Name)
		}
	}
	return retained
}
