// SPDX-License-Identifier: MPL-2.0

package packed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Values come as MessagePack, in Terraform's documented form: an object is a map from attribute names to values, null
// is nil, and what is not known is an extension.
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md

// Pack turns the named attributes of an object, which are maps of strings, into texts. It returns a new value.
func Pack(object *tfprotov6.DynamicValue, names map[string]bool) (*tfprotov6.DynamicValue, error) {
	return rewrite(object, names, func(_ string, value []byte) ([]byte, error) {
		if code := value[0]; code == msgpcode.Nil || msgpcode.IsExt(code) {
			return value, nil
		}
		elements, err := decode(value)
		if errors.Is(err, errUnknownElement) {
			return []byte{msgpcode.FixExt1, 0, 0}, nil // the framework says that the attribute is read-only
		}
		if err != nil {
			return nil, err
		}
		var to bytes.Buffer
		err = msgpack.NewEncoder(&to).EncodeString(Of(elements).ValueString())
		return to.Bytes(), err
	})
}

// Unpack is the reverse of Pack.
func Unpack(object *tfprotov6.DynamicValue, names map[string]bool) (*tfprotov6.DynamicValue, error) {
	return rewrite(object, names, func(_ string, value []byte) ([]byte, error) {
		if !msgpcode.IsString(value[0]) {
			return value, nil
		}
		return msgpack.NewDecoder(bytes.NewReader(value)).DecodeBytes()
	})
}

// TakeOut takes the named attributes out of an object in the JSON of a state file, where they become null, and returns
// them as Unpack would give them. A state that is not such an object is left alone.
func TakeOut(state *tfprotov6.RawState, names map[string]bool) (*tfprotov6.RawState, map[string][]byte, error) {
	var attributes map[string]json.RawMessage
	if len(names) == 0 || state == nil {
		return state, nil, nil
	}
	if err := json.Unmarshal(state.JSON, &attributes); err != nil {
		return state, nil, nil //nolint:nilerr // the framework says what is wrong with it
	}
	taken := map[string][]byte{}
	for name := range names {
		var elements map[string]string
		if err := json.Unmarshal(orNull(attributes[name]), &elements); err != nil {
			return nil, nil, fmt.Errorf("attribute %s of the state: %w", name, err)
		}
		if elements == nil {
			continue
		}
		var value bytes.Buffer
		if err := encode(&value, elements); err != nil {
			return nil, nil, err
		}
		taken[name], attributes[name] = value.Bytes(), json.RawMessage("null")
	}
	rest, err := json.Marshal(attributes)
	return &tfprotov6.RawState{JSON: rest, Flatmap: state.Flatmap}, taken, err
}

// PutBack is the reverse of TakeOut, for the value that became of the state.
func PutBack(object *tfprotov6.DynamicValue, taken map[string][]byte) (*tfprotov6.DynamicValue, error) {
	if len(taken) == 0 {
		return object, nil
	}
	names := make(map[string]bool, len(taken))
	for name := range taken {
		names[name] = true
	}
	return rewrite(object, names, func(name string, _ []byte) ([]byte, error) { return taken[name], nil })
}

func orNull(value json.RawMessage) json.RawMessage {
	if value == nil {
		return json.RawMessage("null")
	}
	return value
}

// rewrite converts the named attributes of an object. An object that is null or unknown stays as it is.
func rewrite(
	object *tfprotov6.DynamicValue, names map[string]bool, convert func(name string, value []byte) ([]byte, error),
) (*tfprotov6.DynamicValue, error) {
	if object == nil {
		return nil, nil // nothing was sent
	}
	if len(object.MsgPack) == 0 {
		return nil, errors.New("a value is not MessagePack, as Terraform sends it")
	}
	if !isMap(object.MsgPack[0]) {
		return object, nil
	}
	from := reader{rest: bytes.NewReader(object.MsgPack), all: object.MsgPack}
	decoder := msgpack.NewDecoder(from.rest)
	n, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	to := make([]byte, 0, len(object.MsgPack)+8*len(names)) // what the lengths of texts may take beyond those of maps
	to = append(to, from.upTo(0)...)
	for range n {
		begin := from.at()
		name, err := decoder.DecodeString()
		if err != nil {
			return nil, err
		}
		value := from.at()
		if err := decoder.Skip(); err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		if !names[name] {
			to = append(to, from.upTo(begin)...)
			continue
		}
		converted, err := convert(name, from.upTo(value))
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		to = append(append(to, from.all[begin:value]...), converted...)
	}
	return &tfprotov6.DynamicValue{MsgPack: to}, nil
}

// reader knows how far a decoder has read.
type reader struct {
	rest *bytes.Reader
	all  []byte
}

func (r reader) at() int { return len(r.all) - r.rest.Len() }

// upTo is what was read since a position.
func (r reader) upTo(begin int) []byte { return r.all[begin:r.at()] }

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}
